namespace FastLog.Protocol;

/// <summary>Records whose bytes live elsewhere, for example in a region of a segment file.</summary>
public interface IExternalRecords
{
    /// <summary>How many bytes the records take on the wire.</summary>
    int SizeInBytes { get; }
}
