using System.Globalization;

namespace FastLog.Server.Commands.Output;

/// <summary>Sizes for people; programs are told bytes.</summary>
internal static class ByteSize
{
    private const double Step = 1024;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size as 512 B, 1.5 KiB, 20.0 GiB; null when it is not known (negative).</summary>
    public static string? Show(long bytes)
    {
        if (bytes < 0)
        {
            return null;
        }

        double size = bytes;
        var unit = 0;
        while (size >= Step && unit < Units.Length - 1)
        {
            size /= Step;
            unit++;
        }

        return size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
