// Tell the server the viewer's time zone, and fill local times it could not yet write.
(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return;
    // A name that no other host of the domain can write, wherever the browser allows it.
    const [prefix, secure] = location.protocol === "https:" ? ["__Host-", ";Secure"] : ["", ""];
    document.cookie = `${prefix}zone=${zone};path=/;max-age=31536000;SameSite=Lax${secure}`;
    // Day before month, as the server writes it.
    const language = document.documentElement.lang === "en" ? "en-GB" : "zh-CN";
    const words = document.documentElement.dataset.yourTime || "";
    const fill = (root) => {
        for (const slot of root.querySelectorAll("[data-local-of]")) {
            if (slot.textContent.trim() || zone === "UTC" || zone === "Etc/UTC") continue;
            const moment = new Date(slot.dataset.localOf);
            const text = new Intl.DateTimeFormat(language, {
                day: "numeric", month: "short", year: "numeric",
                hour: "2-digit", minute: "2-digit", hourCycle: "h23",
            }).format(moment);
            slot.textContent = `${text} ${words}`;
        }
    };
    fill(document);
    document.addEventListener("htmx:afterSettle", (event) => fill(event.target));
})();
