using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastLog.Network;

/// <summary>
/// Lets the kernel send the file's pages (sendfile, Linux). Regions below <see cref="RegionBytesMin"/> are read and
/// gathered instead, since they fit into the send of the bytes around them.
/// </summary>
/// <remarks>
/// .NET cannot await that a socket becomes writable: when its buffer is full, one pooled chunk goes out by
/// <see cref="Socket.SendAsync(ReadOnlyMemory{byte}, SocketFlags, CancellationToken)"/>, which waits, and the kernel
/// goes on from there.
/// </remarks>
public sealed partial class SendfileRegionSender : IFileRegionSender
{
    /// <summary>Regions below this size are read and gathered.</summary>
    public const int RegionBytesMin = 128 * 1024;

    private const int TryAgain = 11;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int More = 0x8000;

    private readonly PreadRegionSender _pread = new();

    /// <summary>Whether this system has the call in the form that is used here.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <inheritdoc/>
    public ValueTask SendAsync(SocketSendBuffer output, FileRegion region)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(region);
        return region.SizeInBytes < RegionBytesMin ? _pread.SendAsync(output, region) : SendPagesAsync(output, region);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask SendPagesAsync(SocketSendBuffer output, FileRegion region)
    {
        await FlushWithMoreAsync(output).ConfigureAwait(false);
        long offset = region.Offset;
        int left = region.SizeInBytes;
        while (left > 0)
        {
            await output.Hop;
            int sent = SendPages(output, region, offset, left);
            if (sent == 0)
            {
                // The chunk's send ends when the socket took all of it, so there is room again afterwards.
                sent = PreadRegionSender.ReadInto(output, region, offset, left);
                await output.FlushAsync().ConfigureAwait(false);
            }

            offset += sent;
            left -= sent;
        }
    }

    /// <summary>Sends what the socket takes now; 0 when it is full.</summary>
    private static int SendPages(SocketSendBuffer output, FileRegion region, long offset, int left)
    {
        while (true)
        {
            nint sent = SendFile(output.Socket.SafeHandle, region.Handle, ref offset, left);
            if (sent > 0)
            {
                output.CountSent(sent);
                return (int)sent;
            }

            if (sent == 0)
            {
                throw new EndOfStreamException($"the file ends at {offset}, {left} bytes before the region does");
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                return 0;
            }

            ThrowUnlessInterrupted(error);
        }
    }

    private static void ThrowUnlessInterrupted(int error)
    {
        switch (error)
        {
            case Interrupted:
                return;
            case BrokenPipe or ConnectionReset:
                throw new SocketException((int)SocketError.ConnectionReset);
            default:
                throw new IOException($"sendfile: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
        }
    }

    /// <summary>Sends the gathered bytes so that the kernel holds them back for the pages that follow.</summary>
    private static ValueTask FlushWithMoreAsync(SocketSendBuffer output)
    {
        ReadOnlyMemory<byte> gathered = output.Gathered;
        if (gathered.IsEmpty)
        {
            return default;
        }

        nint sent = Send(output.Socket.SafeHandle, gathered.Span, gathered.Length, More | DontWait | NoSignal);
        if (sent <= 0)
        {
            return output.FlushAsync();
        }

        output.CountSent(sent);
        output.DropGathered();
        return sent == gathered.Length ? default : output.SendAsync(gathered[(int)sent..]);
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeHandle socket, SafeHandle file, ref long offset, nint count);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeHandle socket, ReadOnlySpan<byte> bytes, nint count, int flags);
}
