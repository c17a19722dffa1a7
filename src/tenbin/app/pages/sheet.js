// The report's page, part by part: a part is exchanged when its markup changes, and what was folded open stays so.
export default {
  template: `
    <div class="sheet"><div class="parts">
      <section v-for="part in order" :key="part.name" v-show="html[part.name]"
               :class="['block', 'part-of-' + part.name, { wide: part.wide }]" :aria-labelledby="'h-' + part.name">
        <h2 :id="'h-' + part.name" :class="{ unseen: part.unseen }">{{ part.title }}</h2>
        <div :ref="part.name" :class="part.inner" :data-slot="part.name"></div>
      </section>
    </div></div>`,
  props: { order: Array, html: Object },
  mounted() {
    this.shown = {};
    this.put();
  },
  updated() {
    this.put();
  },
  methods: {
    put() {
      for (const { name } of this.order) {
        const markup = this.html[name] ?? "";
        if (markup === this.shown[name]) continue;
        const slot = this.$refs[name][0];
        const open = new Set([...slot.querySelectorAll("details[open]")].map((details) => details.dataset.key));
        slot.innerHTML = markup;
        for (const details of slot.querySelectorAll("details[data-key]")) details.open = open.has(details.dataset.key);
        this.shown[name] = markup;
      }
    },
  },
};
