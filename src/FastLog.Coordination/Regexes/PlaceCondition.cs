namespace FastLog.Coordination.Regexes;

/// <summary>What a pattern can demand of a place between two characters.</summary>
internal enum PlaceCondition
{
    /// <summary>\A, and ^ unless the flag m is set.</summary>
    BeginOfText,

    /// <summary>\z, and $ unless the flag m is set.</summary>
    EndOfText,

    /// <summary>^ with the flag m.</summary>
    BeginOfLine,

    /// <summary>$ with the flag m.</summary>
    EndOfLine,

    /// <summary>\b: between a character of ASCII \w and one that is not, or the end.</summary>
    WordBoundary,

    /// <summary>\B.</summary>
    NoWordBoundary,
}
