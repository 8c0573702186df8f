using System.Reflection;
using System.Text.RegularExpressions;

namespace CloudTicks.AppHost.Launch;

/// <summary>AppHost and the services that it starts: their paths, and whether their builds are up to date.</summary>
/// <param name="repository">The root of the repository.</param>
/// <param name="configuration">Debug or Release, the same as the launcher's.</param>
internal sealed partial class BuiltSystem(string repository, string configuration)
{
    private static readonly string[] SourceFolders = ["src", "infra/local", "AppHost", "ServiceDefaults", "eng"];
    private static readonly string[] SourceFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json"];
    private static readonly string[] BuiltFolders = ["bin", "obj", "wwwroot", "node_modules"];

    public string Configuration => configuration;

    public string Project => Path.Combine(repository, "AppHost", "Local", "AppHost.Local.csproj");

    public string Program => Path.Combine(repository, "AppHost", "Local", "bin", configuration, "net10.0", "AppHost.dll");

    private string StampFile => Program + ".built";

    /// <summary>The system in the repository and configuration that the launcher was built from.</summary>
    public static BuiltSystem OfThisBuild()
    {
        var assembly = typeof(BuiltSystem).Assembly;
        return new BuiltSystem(
            assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(value => value.Key == "RepositoryRoot").Value!,
            assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration);
    }

    /// <summary>
    /// Whether nothing has changed since the last build began. This takes a hundredth of the time of MSBuild's own check. A false alarm (an
    /// editor's backup file, a file of an unused program) costs one unnecessary build.
    /// </summary>
    public bool IsCurrent()
    {
        var builtAt = File.GetLastWriteTimeUtc(StampFile);
        return File.Exists(Program) && File.Exists(StampFile)
            && SourceFiles.All(file => File.GetLastWriteTimeUtc(Path.Combine(repository, file)) < builtAt)
            && SourceFolders.All(folder => Sources(new DirectoryInfo(Path.Combine(repository, folder))).All(
                source => source.LastWriteTimeUtc < builtAt));
    }

    /// <summary>Counts the projects that a build compiles: AppHost and all its references.</summary>
    public int CountProjects()
    {
        HashSet<string> found = [Path.GetFullPath(Project)];
        Queue<string> unread = new(found);
        while (unread.TryDequeue(out var project))
        {
            var folder = Path.GetDirectoryName(project)!;
            foreach (Match reference in Reference().Matches(File.ReadAllText(project)))
            {
                var path = Path.GetFullPath(Path.Combine(folder, reference.Groups["path"].Value));
                if (File.Exists(path) && found.Add(path))
                {
                    unread.Enqueue(path);
                }
            }
        }

        return found.Count;
    }

    /// <summary>
    /// The files and subfolders of a source folder, at any depth. Subfolders are included because deleting a file changes its folder's
    /// timestamp; a project's own folder is not, because a build changes its timestamp.
    /// </summary>
    private static IEnumerable<FileSystemInfo> Sources(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || BuiltFolders.Contains(entry.Name))
            {
                continue;
            }

            if (entry is not DirectoryInfo below)
            {
                yield return entry;
                continue;
            }

            if (!Directory.Exists(Path.Combine(below.FullName, "obj")))
            {
                yield return below;
            }

            foreach (var source in Sources(below))
            {
                yield return source;
            }
        }
    }

    [GeneratedRegex("<(ProjectReference|ServiceProject) Include=\"(?<path>[^\"@]+\\.csproj)\"")]
    private static partial Regex Reference();
}
