import Mustache

/// The page's markup, well-formed as XML too.
enum HTMLTemplate {
  /// - Throws: `MustacheTemplate.ParserError`.
  static func render(_ page: Page) throws -> String {
    MustacheContentTypes.register(ScalarEscaping(), named: ScalarEscaping.name)
    let header = "{{% CONTENT_TYPE:\(ScalarEscaping.name)}}"
    let library = MustacheLibrary(
      templates: try [
        "figure": MustacheTemplate(string: header + figure),
        "table": MustacheTemplate(string: header + table), "section": MustacheTemplate(string: header + section),
      ])
    return try MustacheTemplate(string: header + self.page).render(page, library: library)
  }

  /// The library's own escaping looks at whole grapheme clusters, and would let a `<` with a combining mark pass.
  private struct ScalarEscaping: MustacheContentType {
    static let name = "CHAINRULE"
    func escapeText(_ text: String) -> String { Markup.escaped(text) }
  }

  private static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>{{title}}: comparison of models</title>
    <style>
    {{{styleSheet}}}
    </style>
    </head>
    <body>
    <header>
    <p class="kind">Comparison of sequence models</p>
    <h1>{{title}}</h1>
    <p class="facts">{{facts}}</p>
    {{#summary}}<p class="summary">{{.}}</p>
    {{/summary}}
    <nav aria-label="Sections"><ul>
    {{#sections}}<li><a href="#{{id}}">{{title}}</a></li>
    {{/sections}}</ul></nav>
    </header>
    <main>
    {{#sections}}{{>section}}{{/sections}}
    </main>
    <footer><p>Made by Chainrule {{version}}.</p></footer>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """

  private static let section = """
    <section id="{{id}}" aria-labelledby="{{id}}-title">
    <h2 id="{{id}}-title">{{title}}</h2>
    {{#lead}}<p class="lead">{{.}}</p>
    {{/lead}}{{#models}}<div class="scroll" role="region" tabindex="0" aria-label="Table of models"><table class="models">
    <thead><tr>{{#columns}}<th scope="col"{{#isNumber}} class="number"{{/isNumber}}>{{title}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}<tr{{#isChosen}} class="chosen"{{/isChosen}}><th scope="row" data-order="{{name}}"><span class="name">{{name}}</span>{{#badges}} <span class="badge">{{.}}</span>{{/badges}}</th>{{#cells}}<td class="number" data-order="{{order}}">{{text}}</td>{{/cells}}</tr>
    {{/rows}}</tbody>
    </table></div>
    {{/models}}{{#groups}}{{#subtitle}}<h3>{{.}}</h3>
    {{/subtitle}}{{#remark}}<p class="lead">{{.}}</p>
    {{/remark}}<ul class="legend">{{#legend}}<li><svg class="key" viewBox="0 0 26 12" aria-hidden="true" focusable="false">{{{markup}}}</svg> {{text}}</li>{{/legend}}</ul>
    <div class="figures {{layout}}">
    {{#figures}}{{>figure}}{{/figures}}</div>
    {{/groups}}<div class="samples">{{#samples}}<div class="sample"><h3>{{name}}</h3><ol>
    {{#items}}<li{{#isEmpty}} class="empty"{{/isEmpty}}>{{text}}</li>
    {{/items}}</ol></div>
    {{/samples}}</div>
    <ul class="notes">{{#notes}}<li>{{.}}</li>
    {{/notes}}</ul>
    <dl>{{#terms}}<dt>{{name}}</dt><dd>{{meaning}}</dd>
    {{/terms}}</dl>
    {{#files}}<div class="scroll" role="region" tabindex="0" aria-label="Files">{{>table}}</div>
    {{/files}}{{#code}}<h3>{{title}}</h3>
    <pre tabindex="0" role="group" aria-label="{{title}}"><code>{{text}}</code></pre>
    {{/code}}</section>

    """

  private static let figure = """
    <figure{{#narrow}} class="wide"{{/narrow}}>
    <figcaption>{{title}}</figcaption>
    <div class="{{#narrow}}broad{{/narrow}}"><svg viewBox="0 0 {{view.width}} {{view.height}}" style="max-width:{{view.limit}}px" role="img" aria-labelledby="t{{number}} d{{number}}"><title id="t{{number}}">{{title}}</title><desc id="d{{number}}">{{description}}</desc>{{{view.elements}}}</svg></div>
    {{#narrow}}<div class="narrow"><svg viewBox="0 0 {{width}} {{height}}" style="max-width:{{limit}}px" role="img" aria-label="{{title}}: {{description}}">{{{elements}}}</svg></div>
    {{/narrow}}{{#table}}<details><summary>Figures<span class="hidden"> of {{title}}</span></summary><div class="scroll" role="group" tabindex="0" aria-label="Figures of {{title}}">{{>table}}</div></details>
    {{/table}}{{#words}}<details><summary>In words<span class="hidden">: {{title}}</span></summary><pre tabindex="0" role="group" aria-label="{{title}} in words">{{.}}</pre></details>
    {{/words}}</figure>

    """

  private static let table = """
    <table class="data"><thead><tr>{{#head}}<th scope="col">{{.}}</th>{{/head}}</tr></thead>
    <tbody>
    {{#rows}}<tr><th scope="row">{{name}}</th>{{#cells}}<td>{{.}}</td>{{/cells}}</tr>
    {{/rows}}</tbody></table>
    """
}
