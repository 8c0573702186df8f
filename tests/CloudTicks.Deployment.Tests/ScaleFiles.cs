using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

/// <summary>Deployments on several machines without Azure: the Compose file and the Kubernetes manifests.</summary>
internal static partial class ScaleFiles
{
    public const string ComposePath = "infra/compose/compose.yaml";
    public const string KubernetesFolder = "infra/kubernetes";

    public static YamlMappingNode Compose { get; } = Documents(ComposePath).Single();

    /// <summary>The cluster's objects, without the kustomization file.</summary>
    public static IReadOnlyList<YamlMappingNode> Objects { get; } =
    [
        .. Repository.Files(KubernetesFolder, "*.yaml").SelectMany(Documents).Where(document => document.TextAt("kind") != "Kustomization"),
    ];

    /// <summary>The containers of both deployments.</summary>
    public static IReadOnlyList<DeployedContainer> Containers { get; } =
    [
        .. Compose.At("services").Keys().Select(name => new DeployedContainer(
            $"compose: {name}", name, Compose.At($"services/{name}")!, Compose.At($"services/{name}/environment").Keys(),
            Compose.At($"services/{name}/environment") is YamlMappingNode environment
                ? environment.Children.Values.Select(value => ((YamlScalarNode)value).Value!).ToList() : [])),
        .. Objects.Where(o => o.At("spec/template/spec/containers") is not null).Select(OfCluster),
    ];

    /// <summary>The Dockerfile of one of our images; null for other images.</summary>
    public static string? DockerfileOf(string image) => OwnImage().Match(image) is { Success: true } match
        ? $"src/CloudTicks.{char.ToUpperInvariant(match.Groups[1].Value[0])}{match.Groups[1].Value[1..]}/Dockerfile" : null;

    /// <summary>The documents of a YAML file, with merged anchors.</summary>
    public static IEnumerable<YamlMappingNode> Documents(string path)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(Repository.Text(path)))));
        return stream.Documents.Select(document => (YamlMappingNode)document.RootNode);
    }

    private static DeployedContainer OfCluster(YamlMappingNode owner)
    {
        var container = owner.At("spec/template/spec/containers").Items().ShouldHaveSingleItem();
        var maps = container.At("envFrom").Items().Select(from => Objects.Single(o =>
            o.TextAt("kind") == "ConfigMap" && o.TextAt("metadata/name") == from.TextAt("configMapRef/name"))).ToList();
        var variables = container.At("env").Items().ToList();
        return new DeployedContainer(
            $"kubernetes: {owner.TextAt("metadata/name")}", owner.TextAt("metadata/name")!, container,
            [.. variables.Select(variable => variable.TextAt("name")!), .. maps.SelectMany(map => map.At("data").Keys())],
            [.. variables.Select(variable => variable.TextAt("value")).OfType<string>()])
        { Owner = owner };
    }

    [GeneratedRegex("^cloudticks/([a-z]+)(:[0-9]+)?$")]
    private static partial Regex OwnImage();
}

/// <param name="Label">The container's location, for failure messages.</param>
/// <param name="Name">The service's name, by which other services reach it.</param>
/// <param name="Node">Its node in the file.</param>
/// <param name="Variables">The names of its environment variables.</param>
/// <param name="Values">Their literal values.</param>
internal sealed record DeployedContainer(
    string Label, string Name, YamlNode Node, IReadOnlyList<string> Variables, IReadOnlyList<string> Values)
{
    public string Image => Node.TextAt("image")!;

    public string? Dockerfile => ScaleFiles.DockerfileOf(Image);

    /// <summary>The Kubernetes object that has the container; null in the Compose file.</summary>
    public YamlMappingNode? Owner { get; init; }

    public override string ToString() => Label;
}
