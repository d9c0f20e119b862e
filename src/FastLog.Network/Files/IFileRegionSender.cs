namespace FastLog.Network;

/// <summary>A way to get a range of a file onto a socket.</summary>
public interface IFileRegionSender
{
    /// <summary>
    /// Sends what <paramref name="output"/> has gathered and then the region, or gathers (part of) the region too; the
    /// order of bytes is kept.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file is shorter than the region; the frame is spoilt and the
    /// connection must be closed.</exception>
    ValueTask SendAsync(SocketSendBuffer output, FileRegion region);
}
