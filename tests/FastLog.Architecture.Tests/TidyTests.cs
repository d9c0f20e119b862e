using System.Text.RegularExpressions;

namespace FastLog.Architecture.Tests;

public sealed class TidyTests
{
    private const int LinesMax = 500;

    private static readonly string[] SourceFolders = ["src", "tests", "bench"];

    private static readonly string[] VisibleAtTop =
    [
        "src", "tests", "bench", "perf-reports", "tools", "FastLog.sln", "Directory.Build.props",
        "Directory.Packages.props", "global.json", "runbench.sh", "README.md", "LICENSE", "NOTICE",
    ];

    // Written in pieces so that this file does not find itself.
    private static readonly Regex RoomlessName = new(
        "(Mana" + "gers?|Hel" + "pers?|Ut" + "il(s|ity|ities)?|Com" + "mon|Mi" + "sc)(?![a-z])", RegexOptions.Compiled);

    private static readonly Regex DeclaredType = new(
        @"\b(?:class|struct|interface|enum|record|delegate)\s+(?:struct\s+|class\s+)?([A-Z]\w*)", RegexOptions.Compiled);

    private static readonly Regex Unfinished = new(
        @"\bTO" + @"DO\b|\bFIX" + @"ME\b|\bXX" + @"X\b|NotImplemented" + @"Exception|\bSkip" + @"\s*=\s*""", RegexOptions.Compiled);

    [Fact]
    public void No_source_file_is_longer_than_a_reader_holds_in_mind() =>
        AssertNothing(CSharpFiles(), (path, lines) =>
            lines.Length > LinesMax ? [$"{path} has {lines.Length} lines, more than {LinesMax}."] : []);

    [Fact]
    public void No_type_or_file_is_named_for_having_no_room() =>
        AssertNothing(CSharpFiles(), (path, lines) =>
        [
            .. path.Split('/').Where(part => RoomlessName.IsMatch(part)).Select(part => $"{path}: {part}"),
            .. lines.SelectMany(line => DeclaredType.Matches(line))
                .Select(match => match.Groups[1].Value)
                .Where(name => RoomlessName.IsMatch(name))
                .Select(name => $"{path}: {name}"),
        ]);

    [Fact]
    public void Nothing_is_left_unfinished() =>
        AssertNothing([.. CSharpFiles(), .. OtherTextFiles()], (path, lines) =>
            lines.Select((line, index) => (line, Number: index + 1))
                .Where(at => Unfinished.IsMatch(at.line))
                .Select(at => $"{path}:{at.Number}: {at.line.Trim()}"));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "FastLog.sln")).Replace('\\', '/');
        Assert.All(SourceFolders.SelectMany(folder => Repository.Files(folder, "*.csproj")), project =>
            Assert.Contains($"\"{Repository.Relative(project)}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_file_in_the_solution_exists()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "FastLog.sln")).Replace('\\', '/');
        MatchCollection projects = Regex.Matches(solution, "\"([^\"]+\\.csproj)\"");
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(
            File.Exists(Path.Combine(Repository.Root, project.Groups[1].Value)), project.Groups[1].Value));
    }

    [Fact]
    public void The_top_holds_nothing_beyond_what_a_visitor_needs()
    {
        HashSet<string> allowed = [.. VisibleAtTop, .. Repository.IgnoredFolders()];
        Assert.All(
            Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)),
            name => Assert.True(name[0] == '.' || allowed.Contains(name), $"{name} lies at the top."));
    }

    [Fact]
    public void Every_package_version_is_exact()
    {
        string packages = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        MatchCollection versions = Regex.Matches(packages, "<PackageVersion [^>]*Version=\"([^\"]*)\"");
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Matches(@"^\[[0-9][0-9A-Za-z.\-]*\]$", version.Groups[1].Value));
    }

    [Fact]
    public void No_lock_file_holds_a_download_address() =>
        Assert.All(Repository.Files("tests", "package-lock.json"), path =>
        {
            string text = File.ReadAllText(path);
            Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("Connection" + "Mana" + "ger", true)]
    [InlineData("Hel" + "pers", true)]
    [InlineData("Ut" + "ilization", false)]
    [InlineData("Byte" + "Ut" + "ils", true)]
    [InlineData("Com" + "monLog", true)]
    public void Roomless_names_are_whole_words(string name, bool found) => Assert.Equal(found, RoomlessName.IsMatch(name));

    private static IReadOnlyList<string> CSharpFiles() =>
        [.. SourceFolders.SelectMany(folder => Repository.Files(folder, "*.cs"))];

    private static IReadOnlyList<string> OtherTextFiles() =>
        [.. SourceFolders.Append("tools").SelectMany(folder =>
            Repository.Files(folder, "*.schema", "*.csproj", "*.props", "*.sh", "*.js", "*.py", "*.md"))];

    private static void AssertNothing(IReadOnlyList<string> files, Func<string, string[], IEnumerable<string>> findings)
    {
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => findings(Repository.Relative(file), File.ReadAllLines(file))));
    }
}
