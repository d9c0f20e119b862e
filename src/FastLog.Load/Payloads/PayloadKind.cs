namespace FastLog.Load.Payloads;

/// <summary>What values are made of.</summary>
public enum PayloadKind
{
    /// <summary>Random printable characters; a codec saves a quarter at best.</summary>
    Random,

    /// <summary>Lines as programs log them: time, level, logger, message with numbers in it.</summary>
    Text,

    /// <summary>Objects as services send them: the same names in each, values of few and of many kinds.</summary>
    Json,
}
