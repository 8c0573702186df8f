using System.Reflection;
using System.Text.RegularExpressions;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Deployment.Tests;

public sealed partial class FunctionsTests
{
    private static readonly Assembly FunctionsAssembly = typeof(StoreTicks).Assembly;

    private static readonly IReadOnlyList<MethodInfo> Methods = [.. FunctionsAssembly.GetTypes()
        .SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))];

    private static readonly IReadOnlyList<(string Name, MethodInfo Method)> Functions =
        [.. from method in Methods
            let function = method.GetCustomAttribute<FunctionAttribute>()
            where function is not null
            select (function.Name, method)];

    [Fact]
    public void Each_function_has_one_trigger_and_each_trigger_a_function()
    {
        Functions.Count.ShouldBeGreaterThan(20);
        Functions.ShouldAllBe(function => Triggers(function.Method).Count() == 1);
        Methods.Where(method => Triggers(method).Any()).ShouldBe(Functions.Select(function => function.Method), ignoreOrder: true);
    }

    [Fact]
    public void Function_names_are_unique_and_valid_for_the_runtime()
    {
        Functions.Select(function => function.Name.ToUpperInvariant()).ShouldBeUnique();
        Functions.ShouldAllBe(function => Name().IsMatch(function.Name));
        Functions.ShouldAllBe(function => function.Method.IsPublic && !function.Method.IsStatic && function.Method.DeclaringType!.IsPublic);
    }

    [Fact]
    public void Triggers_read_existing_hubs_and_groups()
    {
        var triggers = All<EventHubTriggerAttribute>().ToList();

        triggers.Select(trigger => trigger.ConsumerGroup).ShouldBe([ConsumerGroups.Timescale, ConsumerGroups.Nats], ignoreOrder: true);
        triggers.ShouldAllBe(trigger => trigger.EventHubName == TopicNames.TickArchive && trigger.IsBatched);
        triggers.ShouldAllBe(trigger => trigger.Connection == EventStreamServiceCollectionExtensions.ConnectionName);
        SettingsTests.FunctionsSettings.ShouldContain($"{EventStreamServiceCollectionExtensions.ConnectionName}__fullyQualifiedNamespace");
        // The runtime would read this setting as a connection string with a key, and ignore the identity settings.
        SettingsTests.FunctionsSettings.ShouldNotContain($"ConnectionStrings__{EventStreamServiceCollectionExtensions.ConnectionName}");
    }

    [Fact]
    public void Failed_batch_of_the_stream_is_retried_without_limit()
    {
        foreach (var (name, method) in Functions.Where(function => Triggers(function.Method).Single() is EventHubTriggerAttribute))
        {
            var retry = method.CustomAttributes.Single(
                attribute => attribute.AttributeType.Name.EndsWith("RetryAttribute", StringComparison.Ordinal));
            retry.ConstructorArguments[0].Value.ShouldBe(-1, name);
        }
    }

    [Fact]
    public void Timers_have_six_fields() => All<TimerTriggerAttribute>().ShouldAllBe(timer => timer.Schedule.Split(' ').Length == 6);

    [Fact]
    public void Routes_are_complete_and_unique_per_method()
    {
        var routes = All<HttpTriggerAttribute>()
            .SelectMany(trigger => trigger.Methods!.Select(method => $"{method} {Parameter().Replace(trigger.Route!, "{}")}")).ToList();

        routes.ShouldBeUnique();
        routes.ShouldAllBe(route => Route().IsMatch(route));
        HostJsonTests.Host["extensions"]!["http"]!["routePrefix"]!.GetValue<string>().ShouldBeEmpty();
    }

    [Fact]
    public void No_trigger_requires_a_key_of_the_runtime() =>
        All<HttpTriggerAttribute>().ShouldAllBe(trigger => trigger.AuthLevel == AuthorizationLevel.Anonymous);

    [Fact]
    public void Always_ready_entries_are_functions()
    {
        var alwaysReady = AlwaysReady().Matches(BicepFile.Of("infra/modules/functions.bicep").Code).Select(match => match.Groups[1].Value)
            .ToList();

        alwaysReady.ShouldBe(["StoreTicks", "PublishTicks"]);
        alwaysReady.ShouldBeSubsetOf(Functions.Select(function => function.Name));
    }

    [Fact]
    public void Deployment_check_finds_every_function()
    {
        var found = Repository.Files("src/CloudTicks.Functions", "*.cs")
            .SelectMany(path => Attribute().Matches(Repository.Text(path))
                .Select(match => (Name: match.Groups[1].Value + match.Groups[2].Value, Path: path))).ToList();
        var built = Functions.Select(function => function.Name).ToHashSet();

        found.Select(function => function.Name).ShouldBeUnique();
        built.ShouldBeSubsetOf(found.Select(function => function.Name));
        // The source also declares health endpoints for the other flavour, because that flavour's runtime provides none.
        found.Where(function => !built.Contains(function.Name)).ShouldAllBe(function => function.Path.Contains("/Azure/"));
    }

    private static IEnumerable<Attribute> Triggers(MethodInfo method) => method.GetParameters()
        .SelectMany(parameter => parameter.GetCustomAttributes())
        .Where(attribute => attribute.GetType().Name.EndsWith("TriggerAttribute", StringComparison.Ordinal));

    private static IEnumerable<T> All<T>() => Functions.SelectMany(function => Triggers(function.Method)).OfType<T>();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{\*?\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^(get|post|put|delete) (api/v1/[a-z_./{}]+|db_command|health|alive)$")]
    private static partial Regex Route();

    [GeneratedRegex(@"name: 'function:(\w+)'")]
    private static partial Regex AlwaysReady();

    // The same list as in infra/hooks/check-functions.
    [GeneratedRegex(@"^ *\[Function\((?:nameof\((\w+)\)|""(\w+)"")\)\]", RegexOptions.Multiline)]
    private static partial Regex Attribute();
}
