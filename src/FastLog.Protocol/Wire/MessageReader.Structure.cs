namespace FastLog.Protocol;

public ref partial struct MessageReader
{
    /// <summary>Fewest bytes of a tagged field: its tag and its size.</summary>
    private const int TagBytesMin = 2;

    /// <summary>Reads an array's element count, which the remaining bytes have to be able to hold.</summary>
    public int ReadArrayCount(bool compact, int minElementBytes)
    {
        int count = ReadLength(compact);
        if (count < 0)
        {
            ProtocolException.ThrowNull("an array");
        }

        RequireRemaining((long)count * minElementBytes);
        return count;
    }

    /// <summary>Reads an array's element count, or -1 for null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public int ReadNullableArrayCount(bool compact, int minElementBytes, bool allowed = true)
    {
        int count = ReadLength(compact);
        if (!IsNull(count, "an array", allowed))
        {
            RequireRemaining((long)count * minElementBytes);
        }

        return count;
    }

    /// <summary>Reads the mark before a nullable struct; throws for null unless it is <paramref name="allowed"/>.</summary>
    public bool ReadIsPresent(bool allowed = true) => !IsNull(ReadInt8(), "a struct", allowed);

    /// <summary>Reads the mark before a nullable struct in a tagged field, where null is 0 and not -1.</summary>
    public bool ReadIsPresentInTag() => ReadUnsignedVarint() > 0;

    /// <summary>Reads how many tagged fields follow.</summary>
    public int ReadTagCount()
    {
        uint count = ReadUnsignedVarint();
        RequireRemaining((long)count * TagBytesMin);
        return (int)count;
    }

    /// <summary>Reads a tag and where its field ends, for <see cref="EndTag"/>.</summary>
    public int ReadTag(out long end)
    {
        uint tag = ReadUnsignedVarint();
        uint size = ReadUnsignedVarint();
        RequireRemaining(size);
        end = Consumed + size;
        return tag <= int.MaxValue ? (int)tag : -1;
    }

    /// <summary>
    /// Ends a tagged field, passing over one that nobody read. Throws when more or less of a field was read than its
    /// size says, because what follows would be read from the wrong place.
    /// </summary>
    public void EndTag(long end, bool isKnown)
    {
        if (!isKnown)
        {
            Skip(end - Consumed);
        }
        else if (Consumed != end)
        {
            ProtocolException.ThrowTagEnd();
        }
    }

    /// <summary>Passes over all tagged fields: none of them is known.</summary>
    public void SkipTags()
    {
        for (int tags = ReadTagCount(); tags > 0; tags--)
        {
            ReadTag(out long end);
            EndTag(end, isKnown: false);
        }
    }
}
