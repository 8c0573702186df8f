using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// The closed list of what the default flavour mirrors (docs/decisions.md, "Two flavours") matches the source: nothing else is mirrored,
/// and code shared by both flavours uses nothing else.
/// </summary>
public sealed partial class MirroredMembersTests
{
    private static readonly IReadOnlyList<(string Of, string Mirrored)> Table =
        [.. Row().Matches(Repository.Text("docs/decisions.md")).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    private static readonly HashSet<string> OfAspire = Names("Aspire.");

    private static readonly HashSet<string> OfWorker = [.. Names("Functions worker"), .. Names("Azure.Messaging.EventHubs")];

    [Fact]
    public void Mirrored_Aspire_calls_match_the_list()
    {
        var source = Sources("AppHost/Local/Model", "Aspire.Hosting");
        var calls = source.SelectMany(text => Extension().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();

        calls.Count.ShouldBeGreaterThan(15);
        calls.ShouldBeSubsetOf(OfAspire);
        OfAspire.Except(calls)
            .ShouldAllBe(name => source.Exists(text => Regex.IsMatch(text, $@"^ *(public|internal) .*\b{name}\b", RegexOptions.Multiline)));
    }

    [Fact]
    public void Composition_uses_only_the_listed_Aspire_members()
    {
        string[] ofDotNet = ["Any", "Combine", "GetChildren", "GetConnectionString", "GetSection", "IsNullOrEmpty", "Range", "Select",
            "Serialize", "Split", "ToList"];
        // Members that each flavour implements differently have the same name in both.
        var flavours = Repository.Files("AppHost", "Flavour.cs")
            .Select(path => OwnCall().Matches(Repository.Text(path)).Select(match => match.Groups[1].Value).ToHashSet()).ToList();
        flavours.ForEach(flavour => flavour.ShouldBe(flavours[0], ignoreOrder: true));
        var calls = Call().Matches(Repository.Text("AppHost/AppHost.cs")).Select(match => match.Groups[1].Value).Distinct()
            .Except(ofDotNet);

        calls.Except(flavours.SelectMany(flavour => flavour)).ShouldBeSubsetOf(OfAspire);
    }

    [Fact]
    public void Mirrored_worker_types_match_the_list()
    {
        var source = Sources("src/CloudTicks.Functions.Hosting", "Microsoft.Azure.Functions.Worker", "Azure.Messaging.EventHubs");
        var types = source.SelectMany(text => PublicType().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();

        types.Count.ShouldBeGreaterThan(10);
        Unlisted(types).ShouldBeEmpty();
        // Every listed name is in the source, except HttpRequest, a type of ASP.NET Core, and PartitionContext, which is only a key of
        // BindingData.
        OfWorker.Except(["HttpRequest", "PartitionContext"])
            .ShouldAllBe(name => source.Exists(text => Regex.IsMatch(text, $@"\b{name}(Attribute)?\b")));
    }

    [Fact]
    public void Functions_use_only_the_listed_types_of_the_worker()
    {
        var source = Repository.Files("src/CloudTicks.Functions", "*.cs").Select(Repository.Text).ToList();
        var attributes = source.Where(text => text.Contains("using Microsoft.Azure.Functions.Worker;", StringComparison.Ordinal))
            .SelectMany(text => FunctionAttribute().Matches(text)).Select(match => match.Groups[1].Value).Distinct().ToList();

        attributes.ShouldContain("Function");
        attributes.Except(["GeneratedRegex"]).ShouldBeSubsetOf(OfWorker);
        source.ShouldAllBe(text => !text.Contains("Microsoft.Azure.WebJobs", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_project_files_use_the_flavour_switch()
    {
        var filesWithSwitch = Repository.Files(".", "*.cs").Where(path => !path.StartsWith("tests/", StringComparison.Ordinal))
            .Where(path => Condition().IsMatch(Repository.Text(path)));

        filesWithSwitch.ShouldBeEmpty();
    }

    /// <summary>
    /// The types that are not in the list. The types of listed members need not be listed themselves: the base class of the retries, a
    /// level, a status and a builder.
    /// </summary>
    private static IEnumerable<string> Unlisted(IEnumerable<string> types)
    {
        var allowed = OfWorker.Append("Retry").Append("ScheduleStatus").Append("AuthorizationLevel").Append("FunctionsApplicationBuilder")
            .ToHashSet();
        return types.Where(
            type => !allowed.Contains(type.EndsWith("Attribute", StringComparison.Ordinal) ? type[..^"Attribute".Length] : type)
            && !type.EndsWith("Extensions", StringComparison.Ordinal));
    }

    private static HashSet<string> Names(string prefix) =>
        [.. Table.Where(row => row.Of.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(row => Quoted().Matches(row.Mirrored))
            .SelectMany(match => Identifier().Matches(match.Value)).Select(match => match.Value)];

    private static List<string> Sources(string folder, params string[] namespaces) =>
        [.. Repository.Files(folder, "*.cs").Select(Repository.Text)
            .Where(text => namespaces.Any(name => text.Contains($"\nnamespace {name}", StringComparison.Ordinal)
                || text.StartsWith($"namespace {name}", StringComparison.Ordinal)))];

    [GeneratedRegex(@"^\| ((?:Aspire\.|Functions worker|Azure\.)[^|]*) \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"public static \S+ (\w+)(?:<\w+>)?\(\s*this I(?:DistributedApplicationBuilder|ResourceBuilder<)")]
    private static partial Regex Extension();

    [GeneratedRegex(@"public static [^(\n]*\b(\w+)\(")]
    private static partial Regex OwnCall();

    [GeneratedRegex(@"\.([A-Z]\w*)(?:<[^()]+>)?\(")]
    private static partial Regex Call();

    [GeneratedRegex(
        @"^public (?:abstract |sealed |static |readonly |partial )*(?:class|record|interface|enum|struct) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\[(\w+)\(")]
    private static partial Regex FunctionAttribute();

    [GeneratedRegex(@"^\s*#if\b", RegexOptions.Multiline)]
    private static partial Regex Condition();
}
