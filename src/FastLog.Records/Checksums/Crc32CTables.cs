using System.Buffers.Binary;

namespace FastLog.Records;

/// <summary>
/// Tables over the Castagnoli polynomial: eight bytes at a time for machines without a CRC
/// instruction, and "as if n zero bytes followed" for joining lanes. States here are raw, not finalised.
/// </summary>
internal static class Crc32CTables
{
    private const uint ReflectedPolynomial = 0x82f63b78;
    private const int Slices = 8;

    // Entry [256 * k + b]: the state after byte b and k zero bytes.
    private static readonly uint[] SliceTable = BuildSlices();

    /// <summary>Joining table for short lanes.</summary>
    public static readonly uint[] ShortLane = BuildZeros(Crc32C.LaneSizes.ShortBytes);

    /// <summary>Joining table for long lanes.</summary>
    public static readonly uint[] LongLane = BuildZeros(Crc32C.LaneSizes.LongBytes);

    /// <summary>Advances a raw state over <paramref name="bytes"/> in software.</summary>
    public static uint Step(uint state, ReadOnlySpan<byte> bytes)
    {
        uint[] table = SliceTable;
        while (bytes.Length >= Slices)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ state;
            state = table[(7 * 256) + (int)(byte)word]
                ^ table[(6 * 256) + (int)(byte)(word >> 8)]
                ^ table[(5 * 256) + (int)(byte)(word >> 16)]
                ^ table[(4 * 256) + (int)(byte)(word >> 24)]
                ^ table[(3 * 256) + (int)(byte)(word >> 32)]
                ^ table[(2 * 256) + (int)(byte)(word >> 40)]
                ^ table[(1 * 256) + (int)(byte)(word >> 48)]
                ^ table[(int)(byte)(word >> 56)];
            bytes = bytes[Slices..];
        }

        foreach (byte b in bytes)
        {
            state = (state >> 8) ^ table[(byte)(state ^ b)];
        }

        return state;
    }

    /// <summary>The raw state after as many zero bytes as <paramref name="zeros"/> was built for.</summary>
    public static uint AppendZeros(uint state, uint[] zeros) =>
        zeros[(int)(byte)state]
        ^ zeros[256 + (int)(byte)(state >> 8)]
        ^ zeros[512 + (int)(byte)(state >> 16)]
        ^ zeros[768 + (int)(byte)(state >> 24)];

    private static uint[] BuildSlices()
    {
        uint[] table = new uint[Slices * 256];
        for (uint b = 0; b < 256; b++)
        {
            uint state = b;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * ReflectedPolynomial);
            }

            table[b] = state;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = (before >> 8) ^ table[(byte)before];
        }

        return table;
    }

    // Appending zeros is linear over GF(2): the 32 single-bit states give all the others by xor.
    private static uint[] BuildZeros(int countBytes)
    {
        byte[] zeros = new byte[countBytes];
        uint[] ofBit = new uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            ofBit[bit] = Step(1u << bit, zeros);
        }

        uint[] table = new uint[4 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                table[i] ^= (i >> bit & 1) == 1 ? ofBit[(i / 256 * 8) + bit] : 0;
            }
        }

        return table;
    }
}
