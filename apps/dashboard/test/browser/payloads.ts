/** What a page must show as text: every way in which markup, attributes, URLs or scripts are smuggled. Each would set `window.hit`. */
const attack = 'window.hit=1';
const handlers = [
  'onerror',
  'onload',
  'onmouseover',
  'onfocus',
  'ontoggle',
  'onbegin',
  'onanimationstart',
  'onpointerenter',
];
const elements = [
  'img src=x',
  'svg',
  'body',
  'input autofocus',
  'details open',
  'video src=x',
  'iframe src=x',
  'marquee',
];

export const payloads: readonly string[] = [
  ...elements.flatMap((element, index) => [
    `<${element} ${handlers[index]}=${attack}>`,
    `"><${element} ${handlers[(index + 3) % 8]}="${attack}">`,
  ]),
  `<script>${attack}</script>`,
  `</title><script>${attack}</script>`,
  `<scr<script>ipt>${attack}</scr</script>ipt>`,
  `'"--></style></script><script>${attack}</script>`,
  `<svg><animate onbegin=${attack} attributeName=x dur=1s>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${attack}>`,
  `<a href="javascript:${attack}">go</a>`,
  `javascript:${attack}`,
  `data:text/html,<script>${attack}</script>`,
  `{{constructor.constructor('${attack}')()}}`,
  `\${${attack}}`,
  `<iframe srcdoc="<script>parent.${attack}</script>">`,
  `<object data="javascript:${attack}">`,
  `<embed src="javascript:${attack}">`,
  `<base href="//evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${attack}">`,
  `<link rel=stylesheet href="//evil.example/x.css">`,
  `<style>@import "//evil.example/x.css";</style>`,
  `<form action="javascript:${attack}"><button autofocus>x`,
  `&lt;img src=x onerror=${attack}&gt;`,
  `%3Cimg%20src%3Dx%20onerror%3D${attack}%3E`,
  `<img src=\`x\`onerror=${attack}>`,
  `<template><script>${attack}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${attack}>">`,
];
