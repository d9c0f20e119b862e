namespace FastLog.Network;

/// <summary>Chooses the way of sending file regions.</summary>
public static class FileRegionSenders
{
    /// <summary>The sender for a setting. Sendfile falls back to reading where the system does not have it.</summary>
    public static IFileRegionSender For(FileRegionSending way) =>
        way == FileRegionSending.Sendfile && SendfileRegionSender.IsSupported
            ? new SendfileRegionSender()
            : new PreadRegionSender();
}
