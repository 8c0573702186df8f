using CloudTicks.Cli.Usage;

namespace CloudTicks.Cli.Tests.Usage;

public sealed class RootHelpTests
{
    [Fact]
    public void Help_has_a_line_for_each_command_and_fits_on_a_screen()
    {
        var root = CloudTicksCommand.Create();
        using var output = new StringWriter();

        RootHelp.Write(root, output);

        var lines = output.ToString().Split('\n');
        lines.Length.ShouldBeLessThan(50);
        lines.ShouldAllBe(line => line.Length <= 160);
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            lines.Count(line => line.StartsWith($"  {command.Name} ", StringComparison.Ordinal)).ShouldBe(1, command.Name);
        }

        lines.Count(line => line.StartsWith("  cloudticks ", StringComparison.Ordinal)).ShouldBe(4);
    }
}
