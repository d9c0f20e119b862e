namespace FastLog.Cluster.Configs;

/// <summary>The type of a configuration's value; the numbers are those of DescribeConfigs (KIP-569).</summary>
public enum ConfigType
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    Boolean = 1,

    /// <summary>Any text.</summary>
    String = 2,

    /// <summary>A 32-bit signed whole number.</summary>
    Int = 3,

    /// <summary>A 16-bit signed whole number.</summary>
    Short = 4,

    /// <summary>A 64-bit signed whole number.</summary>
    Long = 5,

    /// <summary>A 64-bit floating point number.</summary>
    Double = 6,

    /// <summary>Texts separated by commas.</summary>
    List = 7,

    /// <summary>The name of a Java class.</summary>
    Class = 8,

    /// <summary>A secret: never shown.</summary>
    Password = 9,
}
