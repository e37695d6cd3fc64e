import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { workOf } from '../../../test/work.ts'
import { lintSvg } from '../src/svg.ts'

const ROOT = 'xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64"'
const HEAD = '<title>Example</title><desc>A green square</desc>'
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const svg = (body: string, root = ROOT): string => `<svg ${root}>${HEAD}${body}</svg>`
const codesOf = (text: string): string[] => lintSvg(encode(text)).map(({ code }) => code)

describe('lintSvg', () => {
  test.each([
    [
      'shapes',
      '<rect width="64" height="64" rx="2" fill="#093"/><circle cx="1" cy="1" r="1"/><ellipse rx="1" ry="2"/>',
    ],
    ['lines', '<line x1="1" y2="2" stroke="red"/><polyline points="0,0 1,1"/><polygon points="0,0 1,1 2,0"/>'],
    ['a path', '<g transform="scale(2)"><path fill-rule="evenodd" d="M0 0h8v8z"/></g>'],
    [
      'text',
      '<text x="1" y="2" font-family="sans-serif">A<tspan fill="red">B</tspan></text><textArea width="9">C<tbreak/></textArea>',
    ],
    [
      'a gradient',
      '<defs><linearGradient id="a" x1="0"><stop offset="0" stop-color="red"/></linearGradient></defs><path fill="url(#a)"/>',
    ],
    ['a gradient in quotation marks', '<path fill="URL( \'#a\' )"/>'],
    ['a colour of its own', '<solidColor id="c" solid-color="red"/><radialGradient id="r" cx="1" cy="1" r="1"/>'],
    ['something used twice', '<defs><path id="a" d="M0 0"/></defs><use href="#a" x="1"/><use xlink:href="#a"/>'],
    [
      'a font',
      '<defs><font horiz-adv-x="1"><font-face font-family="A"/><glyph unicode="A" d="M0 0"/><hkern k="1"/></font></defs>',
    ],
    ['metadata', '<metadata>made by hand</metadata>'],
    ['a comment and CDATA', '<!-- <script/> --><desc><![CDATA[<script/>]]></desc>'],
    ['a class', '<path class="a" id="b" xml:space="preserve"/>'],
    ['an address in text', '<desc>https://example.com/ url(http://example.com/)</desc>'],
  ])('takes %s [svg-tiny-ps-12 2]', (_, body) => {
    expect(codesOf(svg(body))).toEqual([])
  })

  test.each([
    ['a declaration', `<?xml version="1.0" encoding="utf-8"?>\n${svg('')}`],
    ['a byte order mark', `\ufeff${svg('')}`],
    ['other names', svg('', `xmlns:xlink="http://www.w3.org/1999/xlink" ${ROOT}`)],
    ['a size', svg('', `${ROOT} width="64px" height="64px"`)],
    ['commas in the box', svg('', ROOT.replace('0 0 64 64', '0,0, 64.0,64'))],
  ])('takes %s [svg-tiny-ps-12 2]', (_, text) => {
    expect(codesOf(text)).toEqual([])
  })

  test.each([
    ['script', '<script>alert(1)</script>', ['script']],
    ['script in another element', '<g><defs><script href="#a"/></defs></g>', ['script']],
    ['handler', '<handler/>', ['script']],
    ['onload', '<g onload="alert(1)"/>', ['event-attribute']],
    ['ONCLICK', '<g ONCLICK="alert(1)"/>', ['event-attribute']],
    ['an event by name', '<g ev:event="click"/>', ['event-attribute']],
    ['animate', '<rect><animate attributeName="x"/></rect>', ['animation']],
    ['set', '<rect><set attributeName="x"/></rect>', ['animation']],
    ['animateTransform', '<animateTransform/>', ['animation']],
    ['image', '<image href="https://example.com/a.png"/>', ['raster']],
    ['image in Base64', '<image href="data:image/png;base64,AA=="/>', ['raster']],
    ['video', '<video/>', ['raster']],
    ['foreignObject', '<foreignObject/>', ['foreign-object']],
    ['a link', '<a href="#x"><path/></a>', ['interaction']],
    ['style', '<style>@import url(http://example.com/a.css);</style>', ['style']],
    ['a style attribute', '<path style="fill:url(http://example.com/)"/>', ['style']],
    ['use of another file', '<use href="https://example.com/a.svg#a"/>', ['external-reference']],
    ['use by xlink', '<use xlink:href="other.svg#a"/>', ['external-reference']],
    ['use of data', '<use href="data:image/svg+xml;base64,AA=="/>', ['external-reference']],
    ['use of a script', '<use href=" javascript:alert(1)"/>', ['external-reference']],
    ['paint by url', '<path fill="url(http://example.com/a#b)"/>', ['external-reference']],
    ['paint by url in disguise', '<path fill="red uRl( &#39;//example.com/a&#39;)"/>', ['external-reference']],
    ['paint by escapes', '<path fill="\\75rl(http://example.com/)"/>', ['external-reference']],
    ['a second url', '<path fill="url(#a) url(b)"/>', ['external-reference']],
    ['another base', '<g xml:base="https://example.com/"><use href="#a"/></g>', ['external-reference']],
    ['a filter', '<filter id="f"/>', ['unknown-element']],
    ['a clip path', '<clipPath id="c"/>', ['unknown-element']],
    ['a symbol', '<symbol id="s"/>', ['unknown-element']],
    ['another case', '<Rect/>', ['unknown-element']],
    ['a nested image', '<svg/>', ['unknown-element']],
    ['an editor’s data', '<sodipodi:namedview a="b"/>', ['foreign-element']],
    ['another namespace', '<g xmlns="http://www.w3.org/1999/xhtml"/>', ['namespace']],
    ['opacity', '<path opacity=".5"/>', ['unknown-attribute']],
    ['filter on a path', '<path filter="url(#f)"/>', ['unknown-attribute']],
    ['an editor’s attribute', '<path inkscape:label="a"/>', ['unknown-attribute']],
    ['data-', '<path data-name="a"/>', ['unknown-attribute']],
    ['an attribute of another element', '<circle width="1"/>', ['unknown-attribute']],
    ['a href where none is', '<path href="#a"/>', ['unknown-attribute']],
    ['a style sheet', '<?xml-stylesheet href="a.css"?>', ['processing-instruction']],
    ['two things', '<path opacity="1" onload=""/><script/>', ['unknown-attribute', 'event-attribute', 'script']],
    ['itself used', '<g id="a"><use href="#a"/></g>', ['too-many-uses']],
    ['a circle of uses', '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', ['too-many-uses']],
    ['an unknown entity', '<desc>&nbsp;</desc>', ['not-well-formed']],
    ['an open element', '<g>', ['not-well-formed']],
    ['an attribute twice', '<g id="a" id="b"/>', ['not-well-formed']],
    ['a bare ampersand', '<desc>A & B</desc>', ['not-well-formed']],
    ['a control', '<desc>\u0001</desc>', ['not-well-formed']],
    ['depth', '<g>'.repeat(100) + '</g>'.repeat(100), ['too-deep']],
  ])('tells of %s [svg-tiny-ps-12 2]', (_, body, expected) => {
    expect(codesOf(svg(body)).sort()).toEqual([...expected].sort())
  })

  test.each([
    ['nothing', '', ['not-well-formed']],
    ['no XML', 'PNG', ['not-well-formed']],
    ['HTML', '<html/>', ['not-svg']],
    ['a prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', ['not-svg']],
    ['no namespace', svg('', ROOT.replace(/xmlns="[^"]*"/, '')), ['namespace']],
    ['another namespace', svg('', ROOT.replace('2000', '1999')), ['namespace']],
    ['version 1.1', svg('', ROOT.replace('1.2', '1.1')), ['version']],
    ['no version', svg('', ROOT.replace('version="1.2"', '')), ['version']],
    ['profile tiny', svg('', ROOT.replace('tiny-ps', 'tiny')), ['base-profile']],
    ['no profile', svg('', ROOT.replace('baseProfile="tiny-ps"', '')), ['base-profile']],
    ['x and y', svg('', `${ROOT} x="0" y="0px"`), ['root-position', 'root-position']],
    ['onload on the root', svg('', `${ROOT} onload="a()"`), ['event-attribute']],
    ['a background', svg('', `${ROOT} enable-background="new"`), ['unknown-attribute']],
    ['no box', svg('', ROOT.replace('viewBox="0 0 64 64"', '')), ['missing-view-box']],
    ['a box of three', svg('', ROOT.replace('0 0 64 64', '0 0 64')), ['missing-view-box']],
    ['an empty box', svg('', ROOT.replace('0 0 64 64', '0 0 0 0')), ['missing-view-box']],
    ['a long box', svg('', ROOT.replace('0 0 64 64', '0 0 64 32')), ['not-square']],
    ['a long size', svg('', `${ROOT} width="64" height="32"`), ['not-square']],
    ['no title', `<svg ${ROOT}><desc>A</desc></svg>`, ['missing-title']],
    ['a title inside', `<svg ${ROOT}><desc>A</desc><g><title>A</title></g></svg>`, ['missing-title']],
    ['an empty title', `<svg ${ROOT}><title> <!-- A --> </title><desc>A</desc></svg>`, ['empty-title']],
    ['a long title', `<svg ${ROOT}><title>${'a'.repeat(65)}</title><desc>A</desc></svg>`, ['long-title']],
    ['two titles', svg('<title>B</title>'), ['several-titles']],
    ['no description', `<svg ${ROOT}><title>A</title></svg>`, ['no-description']],
    [
      'a document type',
      `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">${svg('')}`,
      ['doctype'],
    ],
    [
      'entities',
      `<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>${svg('<desc>&c;</desc>')}`,
      ['doctype', 'not-well-formed'],
    ],
    ['another encoding', `<?xml version="1.0" encoding="utf-16"?>${svg('')}`, ['not-utf8']],
    ['two roots', `${svg('')}${svg('')}`, ['not-well-formed']],
    ['too much', svg(`<path d="${'M0 0'.repeat(9_000)}"/>`), ['too-large']],
    ['far too much', svg(`<script/><path d="${'M0 0'.repeat(40_000)}"/>`), ['too-large']],
  ])('tells of %s [svg-tiny-ps-12 2]', (_, text, expected) => {
    expect(codesOf(text)).toEqual(expected)
  })

  test('what is no UTF-8 is not read [svg-tiny-ps-12 2]', () => {
    expect(lintSvg(new Uint8Array([0xff, 0xfe, 60, 0])).map(({ code }) => code)).toEqual(['not-utf8'])
    expect(lintSvg(new Uint8Array([0x1f, 0x8b, 8])).map(({ code }) => code)).toEqual(['not-utf8'])
  })

  test('tells the place, what it is of, and how much it matters', () => {
    const text = `<svg ${ROOT}>\n${HEAD}\r\n  <rect/>\n  <path\n opacity="1"/><script/></svg>`
    const findings = lintSvg(encode(text))
    expect(
      findings.map(({ line, offset, element, attribute }) => [
        line,
        text.slice(offset, offset + 5),
        element,
        attribute,
      ]),
    ).toEqual([
      [4, '<path', 'path', 'opacity'],
      [5, '<scri', 'script', undefined],
    ])
    expect(findings[0]).toMatchObject({ severity: 'error', spec: 'draft-svg-tiny-ps-abrotman-12#section-2' })
    expect(lintSvg(encode(svg('&')))[0]?.line).toBe(1)
  })

  test('uses that grow are told, those that do not are not', () => {
    const level = (at: number): string => `<g id="g${at}">${`<use href="#g${at - 1}"/>`.repeat(10)}</g>`
    const tower = (height: number): string =>
      `<path id="g0"/>${Array.from({ length: height }, (_, at) => level(at + 1)).join('')}`
    expect(codesOf(svg(tower(2)))).toEqual([])
    expect(codesOf(svg(tower(9)))).toEqual(['too-many-uses'])
    const row = Array.from({ length: 700 }, (_, at) => `<g id="g${at + 1}"><use href="#g${at}"/></g>`).join('')
    expect(codesOf(svg(`<path id="g0"/>${row}`))).toEqual(['too-many-uses'])
  })

  test('at most 100 findings', () => {
    expect(lintSvg(encode(svg('<script/>'.repeat(1000))))).toHaveLength(100)
  })

  test.each<[string, (size: number) => string]>([
    ['depth', (size) => '<g>'.repeat(size / 3)],
    ['attributes', (size) => `<g ${Array.from({ length: size / 8 }, (_, at) => `a${at}=""`).join(' ')}/>`],
    ['white space in paint', (size) => `<path fill="url(${' '.repeat(size)}"/>`],
    ['many urls', (size) => `<path fill="${'url('.repeat(size / 4)}"/>`],
    ['lines', (size) => `${'\n'.repeat(size)}<script/>`],
    ['uses', (size) => '<use href="#a"/>'.repeat(size / 16)],
    ['a long comment', (size) => `<!--${'- '.repeat(size / 2)}-->`],
    ['numbers in the box', (size) => `<g viewBox="${'1 '.repeat(size / 2)}"/>`],
  ])('%s take no more than linear work', (_, body) => {
    const [small, large] = [12_000, 24_000].map((size) => {
      const octets = encode(svg(body(size)))
      return workOf(() => lintSvg(octets))
    })
    expect(large).toBeLessThanOrEqual(2.2 * small! + 5000)
  })

  test('any text has findings or none, and throws nothing', () => {
    const unit = fc.constantFrom(
      ...['<', '>', '/', '=', '"', "'", '&', ';', ' ', '\n', '<svg', ROOT, HEAD, '</svg>', '<g', '<use href="#a"/>'],
      ...[
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<!DOCTYPE',
        '[',
        '<?xml',
        '?>',
        'id="a"',
        'xmlns',
        ':',
        '__proto__',
        '\0',
        'é',
        '\ud800',
      ],
    )
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        for (const body of [text, svg(text), `<svg ${ROOT} ${text}`]) {
          expect(failureOf(() => lintSvg(encode(body)))).toBe('none')
          for (const { line, offset } of lintSvg(encode(body))) expect(line >= 1 && offset >= 0).toBe(true)
        }
      }),
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void lintSvg(bytes)))
  })
})
