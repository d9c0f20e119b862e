using System.Buffers.Binary;
using FastLog.Load.Loads;
using FastLog.Load.Payloads;

namespace FastLog.Load.Producing;

/// <summary>Makes the records of one producer, one after another: the same settings and seed make the same.</summary>
internal sealed class RecordSource
{
    /// <summary>Bytes at the start of a value that say when it was meant to be sent, where that is asked for.</summary>
    public const int TimeBytes = sizeof(long);

    private readonly RecordPayloads _payloads;
    private readonly KeySource _keys;
    private readonly byte[]? _timed;

    /// <param name="settings">What records are like.</param>
    /// <param name="stretch">What values are parts of.</param>
    /// <param name="index">The producer's number.</param>
    /// <param name="carriesTime">Whether values begin with the time they were meant to be sent at.</param>
    public RecordSource(ProduceSettings settings, PayloadStretch stretch, int index, bool carriesTime)
    {
        _payloads = new RecordPayloads(stretch, settings.Sizes, settings.Seed, index);
        _keys = new KeySource(settings.Keys, settings.Seed, index);
        _timed = carriesTime ? new byte[settings.Sizes.MaxBytes] : null;
    }

    public bool HasKeys => !_keys.IsNone;

    /// <summary>Makes the next record; what it gave before is not valid any more.</summary>
    public void Next(long intendedNs, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = _keys.Next();
        value = _payloads.Next();
        if (_timed is not null)
        {
            value.CopyTo(_timed);
            BinaryPrimitives.WriteInt64LittleEndian(_timed, intendedNs);
            value = _timed.AsSpan(0, value.Length);
        }
    }

    /// <summary>When a record that <see cref="Next"/> made was meant to be sent.</summary>
    public static long IntendedNs(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value);
}
