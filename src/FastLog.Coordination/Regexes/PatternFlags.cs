namespace FastLog.Coordination.Regexes;

/// <summary>What (?ims) sets for the rest of its group. The flag U changes only which match is preferred, so it has no place here.</summary>
[Flags]
internal enum PatternFlags
{
    None = 0,

    /// <summary>i: letters match in both cases.</summary>
    IgnoreCase = 1,

    /// <summary>m: ^ and $ match at lines.</summary>
    MultiLine = 2,

    /// <summary>s: a dot matches a line feed too.</summary>
    DotMatchesLineFeed = 4,
}
