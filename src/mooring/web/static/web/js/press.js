// Copy buttons, menus that close, passwords that can be looked at, forms that are sent once.
(() => {
    document.documentElement.dataset.script = "on";

    const reveal = (root) => {
        for (const button of root.querySelectorAll("[data-needs-script]")) button.hidden = false;
    };
    reveal(document);
    document.addEventListener("htmx:afterSettle", (event) => reveal(event.target));

    document.addEventListener("click", (event) => {
        const copy = event.target.closest("[data-copy]");
        if (copy) {
            navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
                document.getElementById("said").textContent = copy.dataset.copied;
                copy.dataset.done = "yes";
                setTimeout(() => delete copy.dataset.done, 1500);
            });
        }
        const look = event.target.closest("[data-look]");
        if (look) {
            const input = document.getElementById(look.dataset.look);
            const hidden = input.type === "password";
            input.type = hidden ? "text" : "password";
            look.setAttribute("aria-pressed", String(hidden));
        }
        for (const menu of document.querySelectorAll("details[data-menu][open]")) {
            if (!menu.contains(event.target)) menu.open = false;
        }
    });

    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        for (const menu of document.querySelectorAll("details[data-menu][open]")) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    });

    // The server makes twice equal once; this only spares people the second page.
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.method !== "post") return;
        if (form.dataset.sent) return event.preventDefault();
        form.dataset.sent = "yes";
        event.submitter?.setAttribute("data-busy", "");
    });
    addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
        for (const button of document.querySelectorAll("[data-busy]")) {
            button.removeAttribute("data-busy");
        }
    });
})();
