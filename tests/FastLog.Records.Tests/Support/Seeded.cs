using Xunit.Sdk;

namespace FastLog.Records.Tests;

/// <summary>Runs a test body over many seeds; a failure names its seed, which is all that is needed to repeat it.</summary>
internal static class Seeded
{
    public static void Run(int count, Action<Random> body)
    {
        for (int seed = 0; seed < count; seed++)
        {
            try
            {
                body(new Random(seed));
            }
            catch (Exception e)
            {
                throw new XunitException($"seed {seed}: {e.Message}", e);
            }
        }
    }

    public static byte[] Bytes(this Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes with repeats in them, near and far, as logs and JSON have.</summary>
    public static byte[] PackableBytes(this Random random, int length)
    {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length)
        {
            int run = Math.Min(length - at, random.Next(1, 200));
            if (at > 0 && random.Next(3) != 0)
            {
                int distance = random.Next(1, Math.Min(at, 70000) + 1);
                for (int i = 0; i < run; i++)
                {
                    bytes[at + i] = bytes[at + i - distance];
                }
            }
            else
            {
                random.NextBytes(bytes.AsSpan(at, run));
            }

            at += run;
        }

        return bytes;
    }
}
