namespace FastLog.Storage;

/// <summary>The arithmetic of a gathered write that came back short.</summary>
internal static unsafe class GatheredWrite
{
    /// <summary>Moves past the written bytes: whole vectors are dropped, a partly written one is shortened in place.</summary>
    public static void Advance(ref Libc.IoVector* vectors, ref int count, nuint written)
    {
        while (written > 0)
        {
            Invariant.Check(count > 0, "a gathered write reported more bytes than it was given");
            if (written < vectors->Length)
            {
                vectors->Base = (byte*)vectors->Base + written;
                vectors->Length -= written;
                return;
            }
            written -= vectors->Length;
            vectors++;
            count--;
        }
    }
}
