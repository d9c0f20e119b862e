namespace FastLog.LoadGen.Suite.Charts;

/// <summary>One line of a chart.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over two axes, with what they are called above them.</summary>
internal static class LineChart
{
    private const int Width = 860;
    private const int PlotHeight = 300;
    private const int Left = 70;
    private const int Right = 24;
    private const int Top = 34;
    private const int Bottom = 52;
    private const int LegendRow = 20;
    private const int SwatchWidth = 26;
    private const int LegendGap = 18;

    public static string Draw(string title, Axis across, Axis up, IReadOnlyList<Series> series, bool hasDots)
    {
        List<(double X, int Row)> legend = PlaceLegend(series);
        int legendHeight = (legend.Count == 0 ? 0 : legend[^1].Row + 1) * LegendRow;
        double top = Top + legendHeight + 8;
        SvgDrawing drawing = new(Width, (int)top + PlotHeight + Bottom, title);
        drawing.Text(Left, 20, title, isBold: true);
        for (int i = 0; i < series.Count; i++)
        {
            double y = Top + legend[i].Row * LegendRow + 10;
            drawing.Path([(legend[i].X, y - 4), (legend[i].X + SwatchWidth - 6, y - 4)], SvgDrawing.Colour(i), DashesOf(i));
            drawing.Text(legend[i].X + SwatchWidth, y, series[i].Name);
        }

        DrawAxes(drawing, across, up, top);
        for (int i = 0; i < series.Count; i++)
        {
            (double X, double Y)[] points = [.. series[i].Points.Select(point => (XOf(across, point.X), YOf(up, point.Y, top)))];
            drawing.Path(points, SvgDrawing.Colour(i), DashesOf(i));
            foreach ((double x, double y) in hasDots ? points : [])
            {
                drawing.Dot(x, y, SvgDrawing.Colour(i));
            }
        }

        return drawing.ToString();
    }

    /// <summary>Colours come again; their lines then are broken.</summary>
    private static string? DashesOf(int index) => index >= SvgDrawing.ColoursCount ? "6 3" : null;

    private static void DrawAxes(SvgDrawing drawing, Axis across, Axis up, double top)
    {
        foreach ((double value, string text) in up.Ticks)
        {
            double y = YOf(up, value, top);
            drawing.Line(Left, y, Width - Right, y, SvgDrawing.FaintInk);
            drawing.Text(Left - 8, y + 4, text, "end");
        }

        foreach ((double value, string text) in across.Ticks)
        {
            double x = XOf(across, value);
            drawing.Line(x, top + PlotHeight, x, top + PlotHeight + 5, SvgDrawing.Ink);
            drawing.Text(x, top + PlotHeight + 20, text, "middle");
        }

        drawing.Line(Left, top + PlotHeight, Width - Right, top + PlotHeight, SvgDrawing.Ink);
        drawing.Text((Left + Width - Right) / 2.0, top + PlotHeight + 42, across.Label, "middle");
        drawing.Text(16, top + PlotHeight / 2.0, up.Label, "middle", turned: -90);
    }

    /// <summary>Names side by side as long as they fit.</summary>
    private static List<(double X, int Row)> PlaceLegend(IReadOnlyList<Series> series)
    {
        List<(double X, int Row)> places = [];
        double x = Left;
        int row = 0;
        foreach (Series one in series)
        {
            double width = SwatchWidth + SvgDrawing.WidthOf(one.Name);
            if (x > Left && x + width > Width - Right)
            {
                x = Left;
                row++;
            }

            places.Add((x, row));
            x += width + LegendGap;
        }

        return places;
    }

    private static double XOf(Axis across, double value) => Left + across.Place(value) * (Width - Left - Right);

    private static double YOf(Axis up, double value, double top) => top + (1 - up.Place(value)) * PlotHeight;
}
