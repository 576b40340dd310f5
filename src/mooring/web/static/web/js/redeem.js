// The calm countdown of a quote, and Max where the amount is known.
(() => {
    for (const box of document.querySelectorAll("[data-countdown]")) {
        const end = performance.now() + Number(box.dataset.countdown) * 1000;
        const left = box.querySelector("[data-left]");
        const tick = () => {
            const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
            left.hidden = false;
            left.textContent = `· ${left.dataset.word.replace("{s}", seconds)}`;
            if (seconds > 0) return setTimeout(tick, 1000);
            box.querySelector("[data-running]").hidden = true;
            box.querySelector("[data-over]").hidden = false;
        };
        tick();
    }
    for (const button of document.querySelectorAll("[data-max]")) {
        button.addEventListener("click", (event) => {
            event.preventDefault();
            const input = button.form.elements.amount;
            input.value = button.dataset.max;
            input.focus();
        });
    }
})();
