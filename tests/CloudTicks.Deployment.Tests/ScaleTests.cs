using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

/// <summary>The Compose file and the manifests of docs/scale.md, which our machines cannot run.</summary>
public sealed partial class ScaleTests
{
    private static readonly string Page = Repository.Text("docs/scale.md");

    private static IEnumerable<DeployedContainer> OwnContainers =>
        ScaleFiles.Containers.Where(container => container.Dockerfile is not null);

    private static IEnumerable<DeployedContainer> OfCompose => ScaleFiles.Containers.Where(container => container.Owner is null);

    private static IEnumerable<DeployedContainer> OfCluster => ScaleFiles.Containers.Where(container => container.Owner is not null);

    [Fact]
    public void Images_have_a_Dockerfile_or_a_version()
    {
        foreach (var container in ScaleFiles.Containers)
        {
            if (container.Dockerfile is { } dockerfile)
            {
                File.Exists(Repository.PathOf(dockerfile)).ShouldBeTrue(container.Label);
                (container.Node.TextAt("build/dockerfile") ?? dockerfile).ShouldBe(dockerfile, container.Label);
            }
            else
            {
                container.Image.ShouldMatch(@"^docker\.io/[a-z/]+:v?\d[\w.-]+(@sha256:[0-9a-f]{64})?$", container.Label);
            }
        }

        OwnContainers.Select(container => container.Image.Split('/', ':')[1]).Distinct()
            .ShouldBe(["collector", "functions", "dashboard", "relay", "simulator"], ignoreOrder: true);
        Path.TrimEndingDirectorySeparator(Repository.PathOf(Path.Combine("infra/compose", "../.."))).ShouldBe(
            Path.TrimEndingDirectorySeparator(Repository.Root));
    }

    [Fact]
    public void Ports_match_images_and_addresses()
    {
        foreach (var container in OwnContainers)
        {
            var urls = container.Values.Single(value => value.StartsWith("http://+:", StringComparison.Ordinal));
            var exposed = Exposed().Match(Repository.Text(container.Dockerfile!)).Groups[1].Value;
            urls.ShouldStartWith($"http://+:{exposed};https://+:", Case.Sensitive, container.Label);
        }

        foreach (var files in new[] { OfCompose.ToList(), OfCluster.ToList() })
        {
            foreach (Match address in files.SelectMany(container => container.Values).SelectMany(value => Address().Matches(value)))
            {
                // The name of a StatefulSet's pod ends with a number.
                var name = PodNumber().Replace(address.Groups["host"].Value.Split('.')[^1], "");
                var target = files.Single(container => container.Name == name || container.Name == address.Groups["host"].Value);
                target.Values.ShouldContain(value => value.EndsWith($"https://+:{address.Groups["port"].Value}", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Referenced_names_exist()
    {
        var services = ScaleFiles.Compose.At("services").Keys();
        foreach (var container in OfCompose)
        {
            container.Node.At("depends_on").Keys().ShouldBeSubsetOf(services, container.Label);
            container.Node.At("secrets").Items().Select(secret => $"{secret}")
                .ShouldBeSubsetOf(ScaleFiles.Compose.At("secrets").Keys(), container.Label);
            container.Node.At("volumes").Items().Select(volume => $"{volume}".Split(':')[0])
                .ShouldBeSubsetOf(ScaleFiles.Compose.At("volumes").Keys(), container.Label);
        }

        var folder = $"{ScaleFiles.KubernetesFolder}/";
        ScaleFiles.Documents($"{folder}kustomization.yaml").Single().At("resources").Items().Select(resource => $"{folder}{resource}")
            .ShouldBe(Repository.Files(ScaleFiles.KubernetesFolder, "*.yaml").Where(path => !path.EndsWith("kustomization.yaml",
                StringComparison.Ordinal)), ignoreOrder: true);
        foreach (var container in OfCluster)
        {
            var owner = container.Owner!;
            var pod = owner.At("spec/template/spec")!;
            var volumes = pod.At("volumes").Items().Select(volume => volume.TextAt("name"))
                .Concat(owner.At("spec/volumeClaimTemplates").Items().Select(claim => claim.TextAt("metadata/name")));
            container.Node.At("volumeMounts").Items().Select(mount => mount.TextAt("name")).ShouldBe(volumes, ignoreOrder: true);
            pod.At("volumes").Items().Select(volume => volume.TextAt("secret/secretName")).OfType<string>()
                .ShouldAllBe(secret => Page.Contains($"kubectl create secret generic {secret} ", StringComparison.Ordinal));
            owner.TextAt("spec/selector/matchLabels/app").ShouldBe(owner.TextAt("spec/template/metadata/labels/app"));
        }

        foreach (var service in ScaleFiles.Objects.Where(o => o.TextAt("kind") == "Service"))
        {
            var app = service.TextAt("spec/selector/app");
            var container = OfCluster.Single(c => c.Owner!.TextAt("spec/template/metadata/labels/app") == app);
            foreach (var port in service.At("spec/ports").Items())
            {
                container.Node.At("ports").Items()
                    .ShouldContain(p => p.TextAt("name") == port.TextAt("targetPort") && p.TextAt("containerPort") == port.TextAt("port"));
            }
        }

        OfCluster.Select(container => container.Owner!.TextAt("spec/serviceName")).OfType<string>()
            .ShouldBeSubsetOf(ScaleFiles.Objects.Where(o => o.TextAt("kind") == "Service").Select(o => o.TextAt("metadata/name")!));
    }

    [Fact]
    public void Every_container_has_a_health_probe()
    {
        foreach (var container in OfCompose)
        {
            (container.Dockerfile is null
                ? container.Node.At("healthcheck/test") is not null
                : Repository.Text(container.Dockerfile).Contains("\nHEALTHCHECK ", StringComparison.Ordinal)).ShouldBeTrue(container.Label);
        }

        foreach (var container in OfCluster)
        {
            var ports = container.Node.At("ports").Items().Select(port => port.TextAt("name"));
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                ports.ShouldContain(container.Node.TextAt($"{probe}/httpGet/port").ShouldNotBeNull(container.Label));
                container.Node.TextAt($"{probe}/httpGet/path").ShouldBe(container.Dockerfile is null ? "/healthz" : "/alive");
            }
        }
    }

    [Fact]
    public void Every_container_has_limits_and_a_non_root_user()
    {
        foreach (var container in ScaleFiles.Containers)
        {
            var limits = container.Node.At(container.Owner is null ? "deploy/resources/limits" : "resources/limits");
            limits.Keys().ShouldBe([container.Owner is null ? "cpus" : "cpu", "memory"], ignoreOrder: true, container.Label);
            if (container.Owner is not null)
            {
                container.Owner.TextAt("spec/template/spec/securityContext/runAsNonRoot").ShouldBe("true");
                container.Node.TextAt("securityContext/allowPrivilegeEscalation").ShouldBe("false");
                container.Node.TextAt("image").ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public void No_secret_is_in_a_file()
    {
        foreach (var (name, value) in OfCompose.SelectMany(container => container.Variables.Zip(container.Values)))
        {
            if (Secret().IsMatch(name))
            {
                value.ShouldContain("${", Case.Sensitive, name);
                value.ShouldContain(":?", Case.Sensitive, name);
            }
        }

        foreach (var variable in OfCluster.SelectMany(container => container.Node.At("env").Items()))
        {
            if (Secret().IsMatch(variable.TextAt("name")!))
            {
                variable.TextAt("value").ShouldBeNull(variable.TextAt("name"));
                variable.TextAt("valueFrom/secretKeyRef/name").ShouldBe("cloudticks");
            }
        }

        ScaleFiles.Objects.ShouldNotContain(o => o.TextAt("kind") == "Secret");
        ScaleFiles.Objects.Where(o => o.TextAt("kind") == "ConfigMap").SelectMany(o => o.At("data").Keys())
            .ShouldNotContain(name => Secret().IsMatch(name));
    }

    [Fact]
    public void Documents_list_exactly_the_required_user_input()
    {
        var queried = Variable().Matches(Repository.Text(ScaleFiles.ComposePath)).Select(match => match.Groups[1].Value).Distinct();
        var example = Repository.Text("infra/compose/.env.example").Split('\n').Where(line => AssignmentAtStart().IsMatch(line))
            .Select(line => line.Split('=')[0]);
        example.ShouldBe(queried, ignoreOrder: true);

        var keys = OfCluster.SelectMany(container => container.Node.AllNodes.OfType<YamlMappingNode>())
            .Select(node => node.TextAt("secretKeyRef/key")).OfType<string>().Distinct();
        Literal().Matches(Page).Select(match => match.Groups[1].Value).ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public void Certificate_of_the_page_names_every_https_host()
    {
        var names = CertificateNames().Match(Page).Groups[1].Value.Replace("\\\n", "", StringComparison.Ordinal).Split(',')
            .Select(name => name["DNS:".Length..]);

        ScaleFiles.Containers.SelectMany(container => container.Values).SelectMany(value => Address().Matches(value))
            .Select(match => match.Groups["host"].Value).Append("simulator").Distinct().ShouldBeSubsetOf(names);
    }

    [Fact]
    public void Each_collector_has_its_own_name_and_folder()
    {
        var collectors = OfCompose.Where(c => c.Image.StartsWith("cloudticks/collector", StringComparison.Ordinal)).ToList();

        collectors.Count.ShouldBe(2);
        collectors.Select(container => container.Node.TextAt("environment/Collector__InstanceId")).ShouldBeUnique();
        collectors.Select(container => $"{container.Node.At("volumes").Items().Single()}").ShouldBeUnique();
        collectors.Select(container => container.Node.TextAt("environment/Collector__Group")).Distinct().Count().ShouldBe(1);
        var statefulSet = OfCluster.Single(container => container.Name == "collector").Owner!;
        (statefulSet.TextAt("kind"), statefulSet.TextAt("spec/replicas")).ShouldBe(("StatefulSet", "2"));
        statefulSet.At("spec/volumeClaimTemplates").Items().ShouldHaveSingleItem();
    }

    [GeneratedRegex(@"^EXPOSE (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Exposed();

    [GeneratedRegex(@"https://(?<host>[a-z][a-z0-9.-]*):(?<port>\d+)$")]
    private static partial Regex Address();

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex PodNumber();

    [GeneratedRegex("(?i)password|_key$|apikey|connectionstrings__(timescale|nats)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{([A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex AssignmentAtStart();

    [GeneratedRegex("--from-literal=([a-z-]+)=")]
    private static partial Regex Literal();

    [GeneratedRegex("subjectAltName=([^\"]+)\"")]
    private static partial Regex CertificateNames();
}
