namespace FastLog.Broker.Groups;

/// <summary>What may be done to a group, as the bit field that describing APIs answer with (KIP-430).</summary>
internal static class GroupOperations
{
    private const int Read = 3;
    private const int Delete = 6;
    private const int Describe = 8;
    private const int DescribeConfigs = 10;
    private const int AlterConfigs = 11;

    /// <summary>Everything: there is no authorizer.</summary>
    public const int All =
        (1 << Read) | (1 << Delete) | (1 << Describe) | (1 << DescribeConfigs) | (1 << AlterConfigs);
}
