using System.Reflection;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

/// <summary>Reads the files of the repository that deployments use.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    public static string PathOf(string path) => Path.GetFullPath(Path.Combine(Root, path));

    public static string Text(string path) => File.ReadAllText(PathOf(path));

    public static JsonObject Json(string path) => JsonNode.Parse(Text(path))!.AsObject();

    public static YamlMappingNode Yaml(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text(path)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>The product's projects, each with its namespace and folder. AppHost and its launcher count as one project.</summary>
    public static IReadOnlyList<(string Name, string Root)> Projects() =>
    [
        .. new[] { "src", "infra/local", "AppHost", "ServiceDefaults" }.SelectMany(folder => Files(folder, "*.csproj"))
            .Select(path => (Name: NameOf(path), Root: Path.GetDirectoryName(path)!))
            .GroupBy(
                project => project.Name, project => project.Root, (name, roots) => (name, roots.MinBy(root => root.Length)!)),
    ];

    /// <summary>The namespace of a project.</summary>
    public static string NameOf(string projectFile) =>
        Path.GetFileNameWithoutExtension(projectFile) is var name && name is "AppHost" or "AppHost.Local" ? "CloudTicks.AppHost" : name;

    /// <summary>Files in a folder and its subfolders, without build output; paths are relative to the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        select path;
}
