using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>Checks types, versions and names as Bicep's compiler would, as far as the text allows.</summary>
public sealed partial class BicepTypesTests
{
    public static TheoryData<string> Files => [.. BicepFile.All.Select(file => file.Path)];

    [Fact]
    public void Parameter_values_have_the_declared_type()
    {
        var knownCount = 0;
        foreach (var file in BicepFile.All)
        {
            foreach (var module in file.Modules)
            {
                var types = BicepFile.Of(module.Path).Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Type);
                foreach (var (name, value) in module.Parameters)
                {
                    if (TypeOf(file, value) is { } type)
                    {
                        knownCount++;
                        type.ShouldBe(types[name], $"{file}: {module.Name}.{name} is given {value}");
                    }
                }
            }
        }

        knownCount.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Parameters_from_azd_have_the_declared_type()
    {
        var supplied = Repository.Json("infra/main.parameters.json")["parameters"]!.AsObject();
        foreach (var parameter in BicepFile.Main.Parameters.Where(parameter => supplied.ContainsKey(parameter.Name)))
        {
            // azd substitutes a string and converts it to the parameter's type.
            var preset = Preset().Match(supplied[parameter.Name]!["value"]!.GetValue<string>()).Groups[1].Value;
            var hasDeclaredType = parameter.Type switch
            {
                "int" => int.TryParse(preset, NumberStyles.None, CultureInfo.InvariantCulture, out _),
                "bool" => preset is "true" or "false",
                _ => parameter.Type == "string",
            };
            hasDeclaredType.ShouldBeTrue($"{parameter.Name} is {parameter.Type}, and preset to '{preset}'");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Resources_declared_as_existing_are_used(string path)
    {
        var file = BicepFile.Of(path);
        foreach (var resource in file.Resources.Where(resource => resource.IsExisting))
        {
            Regex.Count(file.Code, $@"\b{resource.Symbol}\b").ShouldBeGreaterThan(1, resource.Symbol);
        }
    }

    [Fact]
    public void Every_output_of_a_module_is_read()
    {
        var readOutputs = BicepFile.All.SelectMany(file => file.Modules.SelectMany(module => ModuleOutput().Matches(file.Code)
            .Where(match => match.Groups[1].Value == module.Name)
            .Select(match => (module.Path, Output: match.Groups[2].Value)))).ToHashSet();

        foreach (var file in BicepFile.All.Where(file => file != BicepFile.Main && file.Path != BicepFile.Main.Path))
        {
            file.Outputs.ShouldAllBe(output => readOutputs.Contains(ValueTuple.Create(file.Path, output)), file.Path);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Names_within_a_file_are_unique(string path)
    {
        var file = BicepFile.Of(path);

        file.Parameters.Select(parameter => parameter.Name).Concat(file.Variables.Keys).Concat(file.Modules.Select(module => module.Name))
            .Concat(file.Resources.Select(resource => resource.Symbol)).ShouldBeUnique();
        file.Outputs.ShouldBeUnique();
    }

    [Fact]
    public void No_two_deployments_or_resources_have_the_same_name()
    {
        // All deployments except the first are in one resource group, where a second deployment with the same name would replace the first.
        BicepFile.All.SelectMany(file => file.Modules).Select(module => module.DeploymentName).ShouldBeUnique();
        // Only literal names are compared; other names refer to a symbol of the same file.
        BicepFile.All.SelectMany(file => file.Resources
                .Where(resource => !resource.IsExisting && resource.Name?.StartsWith('\'') == true)
                .Select(resource => (resource.Type, Parent: resource.Parent is null ? null : $"{file}: {resource.Parent}", resource.Name)))
            .ShouldBeUnique();
    }

    [Fact]
    public void API_versions_match_the_documented_ones()
    {
        var listed = Listed().Matches(Repository.Text("docs/deploy-checks.md"))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        var used = BicepFile.All.SelectMany(file => file.Resources).Select(resource => (resource.Type, resource.Version)).Distinct();

        used.ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public void Hooks_use_the_API_versions_of_the_template()
    {
        var versions = BicepFile.All.SelectMany(file => file.Resources).Select(resource => resource.Version).ToHashSet();
        var queried = Directory.GetFiles(Repository.PathOf("infra/hooks")).SelectMany(hook => ApiVersion().Matches(File.ReadAllText(hook)))
            .Select(match => match.Groups[1].Value).ToList();

        queried.Count.ShouldBeGreaterThan(3);
        queried.ShouldBeSubsetOf(versions);
    }

    [Fact]
    public void Images_that_are_not_ours_are_pinned_to_their_digest()
    {
        var images = BicepFile.All.SelectMany(file => Image().Matches(file.Code)).Select(match => match.Groups[1].Value).ToList();

        images.Count.ShouldBe(3);
        images.ShouldAllBe(image => Digest().IsMatch(image));
    }

    [Fact]
    public void Identities_read_single_secrets_but_never_the_vault()
    {
        var secrets = BicepFile.Of("infra/modules/secrets.bicep");
        var readers = secrets.Modules.Where(module => module.Path == "infra/modules/secret-readers.bicep")
            .Select(module => module.Parameters.ToDictionary()).ToDictionary(
                supplied => supplied["secretName"].Replace(".name", "", StringComparison.Ordinal).Trim('\''),
                supplied => supplied["principalIds"]);

        Regex.Count(BicepFile.Of("infra/modules/vault.bicep").Code, "Microsoft.Authorization/roleAssignments").ShouldBe(1);
        BicepFile.Of("infra/modules/vault.bicep").Code.ShouldContain("enablePurgeProtection: true");
        // Each secret can be read only by the apps and functions that use it.
        foreach (var (secret, principals) in new Dictionary<string, string>
        {
            ["timescaleOwner"] = "[functionsPrincipalId]",
            ["timescale"] = "[functionsPrincipalId]",
            ["timescaleReader"] = "[functionsPrincipalId, relayPrincipalId]",
            ["writer"] = "[functionsPrincipalId]",
            ["reader"] = "[collectorPrincipalId, functionsPrincipalId, dashboardPrincipalId, relayPrincipalId]",
            ["natsConnection"] = "[collectorPrincipalId, functionsPrincipalId, dashboardPrincipalId, relayPrincipalId]",
            ["simulator"] = "isSimulated ? [collectorPrincipalId, simulatorPrincipalId] : [simulatorPrincipalId]",
            ["polygon"] = "[collectorPrincipalId]",
        })
        {
            readers[secret].ShouldBe(principals, secret);
            readers.Remove(secret);
        }

        readers.ShouldBeEmpty();
        var readTls = BicepFile.Of("infra/modules/nats.bicep").Modules.Single(module => module.Name == "readTls");
        readTls.Parameters.ToDictionary()["principalIds"].ShouldBe("[identity.principalId]");
    }

    [Fact]
    public void Programs_do_not_log_in_as_database_administrator()
    {
        var secrets = BicepFile.Of("infra/modules/secrets.bicep").Code;

        foreach (var role in (string[])["owner", "writer", "reader"])
        {
            secrets.ShouldContain($"Username=${{databaseLogins.{role}}};Password=");
        }

        Regex.Count(secrets, @"\$\{postgresPassword\}").ShouldBe(0);
        BicepFile.Main.Code.ShouldContain("dependsOn: [postgres]");
    }

    private static string? TypeOf(BicepFile file, string value)
    {
        if (file.Parameters.FirstOrDefault(parameter => parameter.Name == value) is { } parameter)
        {
            return parameter.Type;
        }

        if (file.Variables.TryGetValue(value, out var variable))
        {
            return TypeOf(file, variable);
        }

        if (ModuleOutput().Match(value) is { Success: true } output && output.Length == value.Length)
        {
            var module = file.Modules.Single(module => module.Name == output.Groups[1].Value);
            return BicepFile.Of(module.Path).OutputTypes[output.Groups[2].Value];
        }

        return value switch
        {
            // A conditional or a lambda has the type of its content, which this test does not determine.
            _ when value.Contains(" ? ", StringComparison.Ordinal) || value.Contains("=>", StringComparison.Ordinal) => null,
            _ when value is "true" or "false" || value.StartsWith('!') || Comparison().IsMatch(value) => "bool",
            ['\'', .., '\''] => "string",
            ['[', ..] => "array",
            ['{', ..] => "object",
            _ when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => "int",
            _ => null,
        };
    }

    [GeneratedRegex(@"\b(\w+)\.outputs\.(\w+)")]
    private static partial Regex ModuleOutput();

    [GeneratedRegex(@" (==|!=|\|\||&&|>|<) ")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^\$\{\w+=(\w+)\}$")]
    private static partial Regex Preset();

    [GeneratedRegex(@"^\| `(Microsoft\.[\w./]+)` \| ([\w-]+) \|", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"api-version=([\d-]+)")]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"\bimage: '(docker\.io/[^']+)'")]
    private static partial Regex Image();

    [GeneratedRegex("^docker\\.io/[a-z/-]+:[0-9a-z.-]+@sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();
}
