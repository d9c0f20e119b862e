using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace FastLog.Network.Tests;

public sealed class FrameDecoderTests
{
    [Fact]
    public void Frames_are_the_same_wherever_the_bytes_are_split()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[][]>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            (payloads, piece) =>
            {
                byte[] stream = [.. payloads.SelectMany(p => TestPeer.Frame(p ?? []))];
                ReadOnlySequence<byte> buffer = Split(stream, 1 + (piece.Get % 7));
                foreach (byte[] payload in payloads)
                {
                    FrameStatus status = FrameDecoder.TryTake(ref buffer, int.MaxValue, out var frame, out _);
                    if (status != FrameStatus.Complete || !frame.ToArray().AsSpan().SequenceEqual(payload ?? []))
                    {
                        return false;
                    }
                }

                return buffer.IsEmpty;
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_frame_that_lacks_bytes_is_not_taken()
    {
        byte[] whole = TestPeer.Frame([1, 2, 3, 4, 5]);
        for (int length = 0; length < whole.Length; length++)
        {
            ReadOnlySequence<byte> buffer = Split(whole[..length], 2);
            FrameStatus status = FrameDecoder.TryTake(ref buffer, 100, out _, out int sizeBytes);
            Assert.Equal(FrameStatus.Incomplete, status);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(length < 4 ? 0 : 5, sizeBytes);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(101)]
    [InlineData(int.MaxValue)]
    public void A_size_that_cannot_be_is_found_before_any_byte_of_the_frame(int sizeBytes)
    {
        byte[] field = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(field, sizeBytes);
        var buffer = new ReadOnlySequence<byte>(field);
        Assert.Equal(FrameStatus.BadSize, FrameDecoder.TryTake(ref buffer, 100, out _, out _));
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes, int pieceBytes)
    {
        Piece first = new(default, 0);
        Piece last = first;
        for (int start = 0; start < bytes.Length; start += pieceBytes)
        {
            last = last.Append(bytes.AsMemory(start, Math.Min(pieceBytes, bytes.Length - start)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
