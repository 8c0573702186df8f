using Microsoft.Playwright;

namespace CloudTicks.Dashboard.BrowserTests.Browsing;

/// <summary>
/// Checks the contrast of all visible text by WCAG 2.2 (1.4.3, AA), computed in the page from the browser's computed styles.
/// </summary>
internal static class TextContrast
{
    private const string Script = """
        () => {
          const parse = (text) => { const found = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return [found[0], found[1], found[2], found[3] ?? 1]; };
          const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1);
          const light = (colour) => { const [r, g, b] = colour.map((part) => { const value = part / 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) { layers.push(parse(getComputedStyle(at).backgroundColor)); }
            return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
          };
          const faults = [];
          for (const element of document.body.querySelectorAll('*')) {
            const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim()).map((node) => node.textContent.trim()).join(' ')
              || (element.matches('input, textarea, select') ? element.value || element.placeholder : '');
            const isSvg = element instanceof SVGElement;
            if (!own || element.closest('[hidden], :disabled, .unseen, .skip, title, option, datalist, desc') || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) { continue; }
            const style = getComputedStyle(element);
            const box = isSvg ? element.previousElementSibling : null;
            const under = isSvg && element.parentElement.matches('g.part') ? over(parse(getComputedStyle(element.parentElement.querySelector('rect')).fill), [255, 255, 255, 1]) : ground(element);
            const colour = over(parse(isSvg ? style.fill : style.color), under);
            const [a, b] = [light(colour), light(under)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (isLarge ? 3 : 4.5)) { faults.push(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute('class')}: ${own.slice(0, 40)}`); }
          }
          return [...new Set(faults)];
        }
        """;

    /// <summary>Returns the texts with insufficient contrast.</summary>
    public static Task<string[]> FaultsAsync(IPage page) => page.EvaluateAsync<string[]>(Script);
}
