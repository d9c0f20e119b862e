namespace FastLog.Load.Payloads;

/// <summary>
/// Chooses 1 to n, each in proportion to 1 over itself, without a table, by rejection-inversion (W. Hörmann and
/// G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996): a point under
/// the curve 1/x is found by inverting its integral, rounded, and thrown again when it lies beyond its number's share.
/// </summary>
internal readonly struct ZipfSampler
{
    private readonly int _count;
    private readonly double _low;
    private readonly double _high;
    private readonly double _sure;

    public ZipfSampler(int count)
    {
        _count = count;
        // The integral of 1/x is ln x, taken from half a step below the first number to half a step above the last.
        _low = Math.Log(1.5) - 1;
        _high = Math.Log(count + 0.5);
        _sure = 2 - Math.Exp(Math.Log(2.5) - 0.5);
    }

    public int Next(ref SplitMix random)
    {
        while (true)
        {
            double area = _high + (random.Fraction() * (_low - _high));
            double point = Math.Exp(area);
            int number = (int)Math.Clamp(point + 0.5, 1, _count);
            if (number - point <= _sure || area >= Math.Log(number + 0.5) - (1.0 / number))
            {
                return number;
            }
        }
    }
}
