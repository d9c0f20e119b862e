namespace FastLog.StorageBench.Measuring;

/// <summary>Numbers measured one after another.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    public double Median => Quantile(0.5);

    /// <summary>The smallest value that at least this share of all is not above.</summary>
    public double Quantile(double share)
    {
        double[] sorted = [.. _values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
