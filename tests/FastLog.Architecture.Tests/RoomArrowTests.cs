namespace FastLog.Architecture.Tests;

public sealed class RoomArrowTests
{
    private static readonly string[] SmallMap =
    [
        "| room | what it holds | may use |",
        "|---|---|---|",
        "| FastLog.Ground | bytes | nothing |",
        "| FastLog.First | logs | FastLog.Ground |",
    ];

    [Fact]
    public void Project_files_and_the_map_agree()
    {
        RoomMap map = RoomMap.Parse(File.ReadLines(Path.Combine(Repository.Root, "src", "README.md")));
        Assert.Empty(map.Disagreements(Projects()));
    }

    [Fact]
    public void An_arrow_that_the_map_does_not_have_is_found() =>
        AssertFinding("FastLog.Ground -> FastLog.First", ("FastLog.Ground", ["FastLog.First"]), ("FastLog.First", []));

    [Fact]
    public void A_room_without_a_row_is_found() =>
        AssertFinding("FastLog.Attic has no row", ("FastLog.Ground", []), ("FastLog.First", []), ("FastLog.Attic", []));

    [Fact]
    public void A_row_without_a_room_is_found() =>
        AssertFinding("a row for FastLog.First", ("FastLog.Ground", []));

    [Fact]
    public void An_arrow_to_no_room_is_found() =>
        AssertFinding("FastLog.First -> FastLog.Ground leads to no room", ("FastLog.First", []));

    [Fact]
    public void An_arrow_upwards_is_found()
    {
        RoomMap map = RoomMap.Parse(["| FastLog.A | x | FastLog.B |", "| FastLog.B | x | nothing |"]);
        IReadOnlyList<string> findings = map.Disagreements(ProjectsOf(("FastLog.A", []), ("FastLog.B", [])));
        Assert.Equal("The map's arrow FastLog.A -> FastLog.B leads up.", Assert.Single(findings));
    }

    private static void AssertFinding(string expected, params (string Room, string[] Uses)[] projects) =>
        Assert.Contains(RoomMap.Parse(SmallMap).Disagreements(ProjectsOf(projects)),
            finding => finding.Contains(expected, StringComparison.Ordinal));

    private static Dictionary<string, IReadOnlyList<string>> Projects() =>
        Repository.Files("src", "*.csproj").ToDictionary(
            project => Path.GetFileNameWithoutExtension(project),
            Repository.ProjectReferences,
            StringComparer.Ordinal);

    private static Dictionary<string, IReadOnlyList<string>> ProjectsOf(params (string Room, string[] Uses)[] projects) =>
        projects.ToDictionary(project => project.Room, project => (IReadOnlyList<string>)project.Uses, StringComparer.Ordinal);
}
