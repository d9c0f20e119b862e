namespace FastLog.LoadGen.Suite.Charts;

/// <summary>A bar.</summary>
/// <param name="Name">Beside it.</param>
/// <param name="Value">Its length.</param>
/// <param name="Text">The value as it is written behind it.</param>
/// <param name="Colour">An index.</param>
internal sealed record Bar(string Name, double Value, string Text, int Colour);

/// <summary>Bars that belong together, drawn to a scale of their own.</summary>
internal sealed record BarGroup(string Title, IReadOnlyList<Bar> Bars);

/// <summary>Lying bars in groups. Every group has its own scale, for they differ by a thousand times; so bars compare
/// within a group only, and the numbers stand behind them.</summary>
internal static class BarChart
{
    private const int Width = 860;
    private const int Top = 34;
    private const int Margin = 16;
    private const int BarHeight = 13;
    private const int BarStep = 18;
    private const int TitleStep = 22;
    private const int GroupGap = 12;

    public static string Draw(string title, IReadOnlyList<BarGroup> groups)
    {
        int height = Top + groups.Sum(group => TitleStep + group.Bars.Count * BarStep + GroupGap) + 8;
        Bar[] all = [.. groups.SelectMany(group => group.Bars)];
        double nameWidth = all.Select(bar => SvgDrawing.WidthOf(bar.Name)).DefaultIfEmpty(0).Max();
        double textWidth = all.Select(bar => SvgDrawing.WidthOf(bar.Text)).DefaultIfEmpty(0).Max();
        double left = Margin + nameWidth + 10;
        double longest = Width - left - textWidth - Margin - 8;
        SvgDrawing drawing = new(Width, height, title);
        drawing.Text(Margin, 20, title, isBold: true);
        double y = Top;
        foreach (BarGroup group in groups)
        {
            drawing.Text(Margin, y + 14, group.Title, isBold: true);
            y += TitleStep;
            double most = Math.Max(group.Bars.Max(bar => bar.Value), double.Epsilon);
            foreach (Bar bar in group.Bars)
            {
                double width = bar.Value / most * longest;
                drawing.Text(left - 8, y + BarHeight - 2, bar.Name, "end");
                drawing.Bar(left, y, width, BarHeight, SvgDrawing.Colour(bar.Colour));
                drawing.Text(left + width + 6, y + BarHeight - 2, bar.Text);
                y += BarStep;
            }

            y += GroupGap;
        }

        return drawing.ToString();
    }
}
