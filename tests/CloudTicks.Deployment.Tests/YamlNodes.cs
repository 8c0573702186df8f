using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

internal static class YamlNodes
{
    /// <summary>The node at a path of keys, such as <c>jobs/images/steps</c>; null if there is none.</summary>
    public static YamlNode? At(this YamlNode node, string path) =>
        path.Split('/').Aggregate((YamlNode?)node,
            (inner, key) => inner is YamlMappingNode mapping && mapping.Children.TryGetValue(key, out var child) ? child : null);

    public static string? TextAt(this YamlNode node, string path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IReadOnlyList<string> Keys(this YamlNode? node) =>
        node is YamlMappingNode mapping ? [.. mapping.Children.Keys.Select(key => ((YamlScalarNode)key).Value!)] : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node as YamlSequenceNode ?? Enumerable.Empty<YamlNode>();

    /// <summary>Every scalar value of a key, at any depth.</summary>
    public static IEnumerable<string> Values(this YamlNode node, string key) => node.AllNodes.OfType<YamlMappingNode>()
        .Select(mapping => mapping.TextAt(key)).OfType<string>();
}
