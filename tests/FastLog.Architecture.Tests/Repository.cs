using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FastLog.Architecture.Tests;

/// <summary>The working tree the tests run in: its files as a reader sees them, without what builds leave behind.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "artifacts", "node_modules", "TestResults"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files below <paramref name="folder"/> whose name matches, build output left out.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] patterns)
    {
        var found = new List<string>();
        Collect(Path.Combine(Root, folder), patterns, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>The file's path as it is written in this repository: relative, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Names of the projects that <paramref name="projectFile"/> refers to.</summary>
    public static IReadOnlyList<string> ProjectReferences(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    /// <summary>Folder names that .gitignore declares to be output.</summary>
    public static IReadOnlySet<string> IgnoredFolders() =>
        File.ReadLines(Path.Combine(Root, ".gitignore"))
            .Where(line => Regex.IsMatch(line, "^[^*!#]+/$"))
            .Select(line => line.Trim('/'))
            .ToHashSet(StringComparer.Ordinal);

    private static void Collect(string folder, string[] patterns, List<string> found)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string pattern in patterns)
        {
            found.AddRange(Directory.EnumerateFiles(folder, pattern));
        }

        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            if (!NotSource.Contains(Path.GetFileName(child), StringComparer.Ordinal))
            {
                Collect(child, patterns, found);
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "FastLog.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"FastLog.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
