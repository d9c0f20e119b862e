namespace FastLog.Coordination.Regexes;

/// <summary>Why a pattern is refused, in the words RE2 has for it. Leaves the room only as a reason.</summary>
internal sealed class PatternSyntaxException(string reason) : Exception(reason);
