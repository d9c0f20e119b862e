using System.Globalization;

namespace FastLog.Storage;

/// <summary>leader-epoch-checkpoint: the epoch table of one log.</summary>
internal sealed class LeaderEpochFile(IFileSystem files, string logDirectory)
{
    public const string Name = "leader-epoch-checkpoint";

    private readonly string _path = Path.Combine(logDirectory, Name);

    public List<EpochEntry> Read()
    {
        List<EpochEntry> entries = [];
        string? text = AtomicFile.ReadText(files, _path);
        if (text is null)
            return entries;
        foreach (string[] fields in CheckpointLines.Parse(_path, text, fieldsPerEntry: 2))
        {
            long epoch = CheckpointLines.ParseNumber(_path, fields[0]);
            long offset = CheckpointLines.ParseNumber(_path, fields[1]);
            if (epoch is < 0 or > int.MaxValue || offset < 0)
                throw new CheckpointFormatException(_path, $"{epoch} {offset} is out of range");
            entries.Add(new EpochEntry((int)epoch, offset));
        }
        return entries;
    }

    public void Write(IReadOnlyCollection<EpochEntry> entries)
    {
        List<string> lines = new(entries.Count);
        foreach (EpochEntry entry in entries)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.Epoch} {entry.StartOffset}"));
        AtomicFile.WriteText(files, _path, CheckpointLines.Format(lines));
    }
}
