// Ask the browser for a passkey, and send its answer with the form.
(() => {
    const form = document.querySelector("form[data-passkey]");
    if (!form) return;
    const options = JSON.parse(document.getElementById("passkey-options").textContent).publicKey;

    const bytes = (text) => {
        const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
        return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
    };
    const text = (buffer) => {
        const plain = String.fromCharCode(...new Uint8Array(buffer));
        return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    };
    const described = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

    const create = () =>
        navigator.credentials.create({
            publicKey: {
                ...options,
                challenge: bytes(options.challenge),
                user: { ...options.user, id: bytes(options.user.id) },
                excludeCredentials: described(options.excludeCredentials),
            },
        });
    const get = () =>
        navigator.credentials.get({
            publicKey: {
                ...options,
                challenge: bytes(options.challenge),
                allowCredentials: described(options.allowCredentials),
            },
        });
    const written = (credential) => {
        const response = {};
        const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];
        for (const part of parts) {
            if (credential.response[part]) response[part] = text(credential.response[part]);
        }
        const { id, type } = credential;
        return JSON.stringify({
            id,
            rawId: text(credential.rawId),
            type,
            response,
            clientExtensionResults: {},
        });
    };
    const say = (name) => {
        for (const problem of form.querySelectorAll("[data-passkey-problem]")) {
            problem.hidden = problem.dataset.passkeyProblem !== name;
        }
    };

    let isAsking = false;
    form.addEventListener("submit", async (event) => {
        if (event.submitter?.name) return;
        event.preventDefault();
        event.stopPropagation();
        if (isAsking) return;
        if (!window.PublicKeyCredential) return say("unable");
        if (!form.reportValidity()) return;
        isAsking = true;
        say("");
        try {
            const credential = await (form.dataset.passkey === "create" ? create() : get());
            form.elements.passkey.value = written(credential);
            form.submit();
        } catch (error) {
            say(error.name === "SecurityError" ? "unable" : "refused");
            isAsking = false;
        }
    });
})();
