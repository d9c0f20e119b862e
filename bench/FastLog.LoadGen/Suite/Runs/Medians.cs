namespace FastLog.LoadGen.Suite.Runs;

/// <summary>The median.</summary>
internal static class Medians
{
    /// <summary>The middle value, or the mean of the middle two; null of none.</summary>
    public static double? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
