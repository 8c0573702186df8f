using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

public sealed partial class ParametersTests
{
    private static readonly JsonObject ParameterFile = Repository.Json("infra/main.parameters.json")["parameters"]!.AsObject();

    [Fact]
    public void Parameter_file_matches_the_template()
    {
        var parameters = BicepFile.Main.Parameters;

        ParameterFile.Select(parameter => parameter.Key).ShouldBeSubsetOf(parameters.Select(parameter => parameter.Name));
        parameters.Where(parameter => !parameter.HasDefault).Select(parameter => parameter.Name)
            .ShouldBeSubsetOf(ParameterFile.Select(parameter => parameter.Key));
    }

    [Fact]
    public void Nothing_must_be_set_before_the_first_deployment()
    {
        // Set by azd, which asks for the first two. All parameters outside these lists have a default or are generated.
        string[] fromAzd = ["${AZURE_ENV_NAME}", "${AZURE_LOCATION}", "${AZURE_PRINCIPAL_ID}"];
        string[] mayBeEmpty = ["${POLYGON_API_KEY}", "${CLOUDTICKS_ALERT_EMAIL}"];
        // Created by a hook that runs earlier.
        string[] fromHook = ["${CLOUDTICKS_NATS_CERTIFICATE}", "${CLOUDTICKS_NATS_KEY}"];

        var values = ParameterFile.Select(parameter => parameter.Value!["value"]!.GetValue<string>()).ToList();

        values.Where(value => Variable().IsMatch(value)).ShouldBe([.. fromAzd, .. mayBeEmpty, .. fromHook], ignoreOrder: true);
        values.Except([.. fromAzd, .. mayBeEmpty, .. fromHook])
            .ShouldAllBe(value => Defaulted().IsMatch(value) || Generated().IsMatch(value));
    }

    [Fact]
    public void Generated_secret_is_stored_under_the_name_that_is_read()
    {
        var secrets = BicepFile.Of("infra/modules/secrets.bicep");
        foreach (var (name, value) in ParameterFile)
        {
            if (Generated().Match(value!["value"]!.GetValue<string>()) is { Success: true } generated)
            {
                secrets.Code.ShouldContain($"name: '{generated.Groups[1].Value}'\n  properties: {{\n    value: {name}\n");
                BicepFile.Main.Parameters.Single(parameter => parameter.Name == name).IsSecure.ShouldBeTrue(name);
            }
        }
    }

    [Fact]
    public void Secret_names_match_the_vault()
    {
        var secrets = BicepFile.Of("infra/modules/secrets.bicep");
        var names = BicepFile.KeysOf("", secrets.Code[secrets.Code.IndexOf("output names object = {", StringComparison.Ordinal)..]
            .Replace("output names object = {", ": {", StringComparison.Ordinal));
        var queried = BicepFile.All.SelectMany(file => SecretName().Matches(file.Code)).Select(match => match.Groups[1].Value).Distinct();

        queried.ShouldBe(names, ignoreOrder: true);
        secrets.Code.ShouldContain("  polygon: 'polygon-api-key'\n");
        secrets.Code.ShouldContain("  name: 'polygon-api-key'\n");
    }

    [Fact]
    public void Environments_define_the_same_sizes_and_all_are_used()
    {
        var code = BicepFile.Main.Code;
        var sizes = code[code.IndexOf("var sizes = {", StringComparison.Ordinal)..];
        var dev = BicepFile.KeysOf("dev", sizes);

        dev.Count.ShouldBeGreaterThan(10);
        BicepFile.KeysOf("prod", sizes).ShouldBe(dev);
        SizeReference().Matches(code).Select(match => match.Groups[1].Value).Distinct().ShouldBe(dev, ignoreOrder: true);
    }

    [Theory]
    [InlineData("AZURE_RESOURCE_GROUP")]
    [InlineData("AZURE_CONTAINER_REGISTRY_ENDPOINT")] // azd pushes images to it
    [InlineData("AZURE_KEY_VAULT_NAME")] // read by the parameters at the next deployment
    [InlineData("CLOUDTICKS_NATS_CERTIFICATE")] // read by the hook that creates it once
    [InlineData("CLOUDTICKS_POSTGRES_ID")] // read by the hook that restarts the database
    public void Outputs_that_azd_and_the_hooks_read_exist(string output) => BicepFile.Main.Outputs.ShouldContain(output);

    [GeneratedRegex(@"^\$\{\w+\}$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\$\{\w+=\w+\}$")]
    private static partial Regex Defaulted();

    [GeneratedRegex(@"^\$\(secretOrRandomPassword \$\{AZURE_KEY_VAULT_NAME\} ([a-z-]+)\)$")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\bsecrets?(?:\.outputs\.n|N)ames\.(\w+)")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\bchosen\.(\w+)")]
    private static partial Regex SizeReference();
}
