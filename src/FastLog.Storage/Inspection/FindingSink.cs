namespace FastLog.Storage.Inspection;

/// <summary>Counts findings and hands them on, one by one, as they come.</summary>
internal sealed class FindingSink(Action<Finding> report)
{
    public VerificationSummary Summary { get; } = new();

    public void Error(string path, long position, string problem) => Add(FindingSeverity.Error, path, position, problem);

    public void Warning(string path, long position, string problem) => Add(FindingSeverity.Warning, path, position, problem);

    public void Note(string path, string problem) => Add(FindingSeverity.Note, path, -1, problem);

    public void Add(FindingSeverity severity, string path, long position, string problem)
    {
        switch (severity)
        {
            case FindingSeverity.Error:
                Summary.ErrorsCount++;
                break;
            case FindingSeverity.Warning:
                Summary.WarningsCount++;
                break;
            default:
                Summary.NotesCount++;
                break;
        }
        report(new Finding(severity, path, position, problem));
    }

    /// <summary>Counts and hands on what another sink took.</summary>
    public void TakeOver(VerificationSummary counted, List<Finding> findings)
    {
        Summary.Add(counted);
        foreach (Finding finding in findings)
            report(finding);
    }
}
