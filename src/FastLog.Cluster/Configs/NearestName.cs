namespace FastLog.Cluster.Configs;

/// <summary>Finds the known name that somebody most likely meant.</summary>
internal static class NearestName
{
    // The work grows with the square of the length; no real key is nearly as long.
    private const int LengthMax = 128;

    /// <summary>The name with the fewest typing errors from what was given, or null when none is near.</summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        if (given.Length is 0 or > LengthMax)
        {
            return null;
        }

        string? nearest = null;
        int distanceMin = Math.Max(2, given.Length / 4) + 1;
        foreach (string name in known)
        {
            int distance = Math.Abs(name.Length - given.Length) < distanceMin ? Distance(given, name) : int.MaxValue;
            if (distance < distanceMin)
            {
                (nearest, distanceMin) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>
    /// The number of characters to insert, delete, replace or swap with their neighbour (optimal string alignment),
    /// capital letters and small ones being the same.
    /// </summary>
    internal static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            last[column] = column;
        }

        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = last[column - 1] + (Same(left[row - 1], right[column - 1]) ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(last[column], current[column - 1]) + 1);
                bool isSwap = row > 1 && column > 1
                    && Same(left[row - 1], right[column - 2]) && Same(left[row - 2], right[column - 1]);
                if (isSwap)
                {
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
