/* A page opened from the disk may start no worker: the search then runs in a hidden frame of the same page instead.
   As with a worker, messages are copied and arrive later, in order. */
if (location.protocol === "file:") {
  const later = (target, data) => {
    const copy = structuredClone(data);
    setTimeout(() => target.onmessage && target.onmessage(new MessageEvent("message", { data: copy })));
  };
  window.Worker = class {
    constructor(url) {
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      this.inside = this.frame.contentWindow;
      this.inside.postMessage = (data) => later(this, data);
      const script = this.inside.document.createElement("script");
      script.src = new URL(url, location.href).href;
      script.onload = () => {
        const waiting = this.waiting;
        this.waiting = null;
        waiting.forEach((data) => this.postMessage(data));
      };
      this.inside.document.head.appendChild(script);
    }
    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else later(this.inside, data);
    }
    terminate() {
      this.frame.remove();
    }
  };
}
