using System.Globalization;
using System.Xml.Linq;

namespace FastLog.LoadGen.Suite.Charts;

/// <summary>A drawing in SVG 1.1: shapes and text only, no scripts, no styles or fonts from elsewhere. Its ground is clear
/// and its colours are neither light nor dark, so that it reads on both.</summary>
internal sealed class SvgDrawing
{
    public const string Ink = "#808080";
    public const string FaintInk = "#80808055";
    public const int FontSize = 12;

    /// <summary>How many colours there are before they come again.</summary>
    public static int ColoursCount => Colours.Count;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public SvgDrawing(int width, int height, string title)
    {
        _root = new XElement(
            Svg + "svg",
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")),
            new XAttribute("font-family", "Helvetica, Arial, sans-serif"),
            new XAttribute("font-size", FontSize),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", title));
    }

    /// <summary>Distinct enough side by side; comes again after <see cref="ColoursCount"/>.</summary>
    public static string Colour(int index) => Colours[index % Colours.Count];

    /// <summary>About the width of a text: what a wide sans-serif takes.</summary>
    public static double WidthOf(string text) => text.Length * FontSize * 0.58;

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) => Add(
        "line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", colour), ("stroke-width", width));

    public void Path(IEnumerable<(double X, double Y)> points, string colour, string? dashes = null) => Add(
        "polyline",
        ("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))),
        ("fill", "none"), ("stroke", colour), ("stroke-width", 1.8), ("stroke-linejoin", "round"), ("stroke-dasharray", dashes));

    public void Dot(double x, double y, string colour) => Add("circle", ("cx", x), ("cy", y), ("r", 2.8), ("fill", colour));

    public void Bar(double x, double y, double width, double height, string colour) => Add(
        "rect", ("x", x), ("y", y), ("width", Math.Max(0.5, width)), ("height", height), ("fill", colour), ("rx", 1.5));

    /// <param name="anchor">start, middle or end: what of the text lies at x.</param>
    public void Text(double x, double y, string text, string anchor = "start", bool isBold = false, double? turned = null)
    {
        XElement element = Add(
            "text",
            ("x", x), ("y", y), ("text-anchor", anchor), ("fill", Ink), ("font-weight", isBold ? "bold" : null),
            ("transform", turned is { } degrees ? $"rotate({Number(degrees)} {Number(x)} {Number(y)})" : null));
        element.Value = text;
    }

    public override string ToString() => _root.ToString() + "\n";

    private static readonly IReadOnlyList<string> Colours =
        ["#4a8fd9", "#d9822b", "#4fa45a", "#9b6fc4", "#d0524f", "#2fa3a3", "#b0894a", "#c764a0"];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private XElement Add(string name, params (string Name, object? Value)[] attributes)
    {
        XElement element = new(Svg + name, attributes
            .Where(attribute => attribute.Value is not null)
            .Select(attribute => new XAttribute(attribute.Name, attribute.Value is double number ? Number(number) : attribute.Value!)));
        _root.Add(element);
        return element;
    }
}
