namespace FastLog.Network;

/// <summary>Chooses the way of sending file regions.</summary>
/// <remarks>
/// <para>The default is <see cref="SendfileRegionSender"/>, which itself reads regions that are short. CPU seconds of the
/// sending process per GB, best of six runs with four responses in flight to another process over loopback, on two
/// cores that were busy with other work (so compare, and take no figure for itself):</para>
/// <code>
/// region    pread, blocks of 64 KiB    256 KiB    1 MiB    sendfile
/// 64 KiB    0.65                       0.46       0.74     0.84
/// 256 KiB   0.52                       0.51       0.44     0.34
/// 1 MiB     0.53                       0.48       0.41     0.36
/// </code>
/// <para>Throughput varied by a factor of two between runs of the same way, and no way was ahead in it. A short region
/// is cheaper read, since it leaves in one send with the bytes before and after it; from 128 KiB on the copy that is
/// saved counts more than the two calls that are added.</para>
/// </remarks>
public static class FileRegionSenders
{
    /// <summary>The sender for a setting. Where the system has no sendfile, regions are read.</summary>
    public static IFileRegionSender For(FileRegionSending way) =>
        way != FileRegionSending.Pread && SendfileRegionSender.IsSupported
            ? new SendfileRegionSender()
            : new PreadRegionSender();
}
