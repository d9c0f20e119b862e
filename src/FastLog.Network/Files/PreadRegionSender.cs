using System.Runtime.CompilerServices;

namespace FastLog.Network;

/// <summary>
/// Reads the file into the gathering block and sends that. Works on every system, and with bytes that must be changed
/// on their way (TLS). A short region leaves together with the bytes before and after it, in one send.
/// </summary>
public sealed class PreadRegionSender : IFileRegionSender
{
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(SocketSendBuffer output, FileRegion region)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(region);
        long offset = region.Offset;
        int left = region.SizeInBytes;
        while (left > 0)
        {
            if (output.Space.IsEmpty)
            {
                await output.FlushAsync().ConfigureAwait(false);
            }

            await output.Hop;
            int read = ReadInto(output, region, offset, left);
            offset += read;
            left -= read;
        }
    }

    /// <summary>Gathers up to <paramref name="bytesMax"/> bytes of the file.</summary>
    internal static int ReadInto(SocketSendBuffer output, FileRegion region, long offset, int bytesMax)
    {
        Span<byte> space = output.Space.Span;
        int read = RandomAccess.Read(region.Handle, space[..Math.Min(bytesMax, space.Length)], offset);
        if (read == 0)
        {
            throw new EndOfStreamException($"the file ends at {offset}, {bytesMax} bytes before the region does");
        }

        output.Advance(read);
        return read;
    }
}
