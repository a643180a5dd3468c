using System.Globalization;
using System.Security;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SwarmPool.Demo;

/// <summary>Writes what a console showed as an SVG picture: one <c>text</c> element a line, on a dark ground, in the reader's own monospace font.</summary>
/// <remarks>
/// A part (what follows a rule) of more than <see cref="Head"/> + <see cref="Tail"/> lines is cut in the middle, and the picture says how many
/// lines are left out. Lines with something yellow in them stay.
/// </remarks>
internal sealed class SvgEncoder : IAnsiConsoleEncoder
{
    private const int Head = 14;
    private const int Tail = 3;
    private const double CellWidth = 8.4;
    private const int LineHeight = 19;
    private const int Margin = 16;

    public string Encode(IAnsiConsole console, IEnumerable<IRenderable> renderables)
    {
        var lines = Segment.SplitLines(renderables.SelectMany(renderable => renderable.GetSegments(console))).Select(Trimmed).ToList();
        var shown = Parts(lines).SelectMany(Cut).ToList();
        var width = (int)(console.Profile.Width * CellWidth) + (2 * Margin);
        var height = (shown.Count * LineHeight) + (2 * Margin);
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
            <rect width="100%" height="100%" rx="8" fill="#14191f"/>
            <g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#d6dde4">

            """));
        for (var i = 0; i < shown.Count; i++)
        {
            Line(svg, shown[i], Margin + (i * LineHeight) + 14);
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    // Each run of one style stands at its own column, so that a font of another width keeps the columns.
    private static void Line(StringBuilder svg, List<Segment> line, int y)
    {
        var column = 0;
        foreach (var segment in line)
        {
            var cells = segment.CellCount();
            if (!string.IsNullOrWhiteSpace(segment.Text))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text xml:space=\"preserve\" x=\"{Margin + (column * CellWidth):0.#}\" y=\"{y}\" textLength=\"{cells * CellWidth:0.#}\"{Attributes(segment.Style)}>{SecurityElement.Escape(segment.Text)}</text>\n");
            }

            column += cells;
        }
    }

    private static string Attributes(Style style)
    {
        var colour = style.Foreground == Color.Default ? "" : $" fill=\"#{style.Foreground.ToHex()}\"";
        return style.Decoration.HasFlag(Decoration.Bold) ? colour + " font-weight=\"bold\"" : colour;
    }

    private static IEnumerable<List<List<Segment>>> Parts(List<List<Segment>> lines)
    {
        var part = new List<List<Segment>>();
        foreach (var line in lines)
        {
            if (part.Count > 0 && line is [var first, ..] && first.Text.StartsWith('─'))
            {
                yield return part;
                part = [];
            }

            part.Add(line);
        }

        yield return part;
    }

    private static IEnumerable<List<Segment>> Cut(List<List<Segment>> part)
    {
        var left = 0;
        for (var i = 0; i < part.Count; i++)
        {
            if (i >= Head && i < part.Count - Tail && !part[i].Exists(segment => segment.Style.Foreground == Color.Yellow))
            {
                left++;
                continue;
            }

            if (left > 0)
            {
                yield return [new Segment($"       ⋮ {left} more lines", new Style(Color.Grey))];
                left = 0;
            }

            yield return part[i];
        }
    }

    private static List<Segment> Trimmed(SegmentLine line)
    {
        var segments = line.Where(segment => !segment.IsControlCode).ToList();
        while (segments is [.., var last] && string.IsNullOrWhiteSpace(last.Text))
        {
            segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }
}
