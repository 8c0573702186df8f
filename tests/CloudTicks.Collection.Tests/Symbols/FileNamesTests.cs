using Microsoft.Extensions.Configuration;

namespace CloudTicks.Collection.Tests.Symbols;

public class FileNamesTests
{
    [Theory]
    [InlineData("/srv/my lists/fx pairs.yaml", new[] { "/srv/my lists/fx pairs.yaml" })]
    [InlineData("my lists/fx.yaml, shares.yaml,,", new[] { "my lists/fx.yaml", "shares.yaml" })]
    [InlineData("", new string[0])]
    public void Text_is_split_at_commas_but_not_at_blanks(string text, string[] paths)
    {
        var options = Bind([new("SymbolFiles", text), new("Symbols", "EURUSD GBPUSD,AAPL")]);

        options.SymbolFiles.ShouldNotBeNull().ShouldBe(paths);
        options.Symbols.ShouldBe(["EURUSD", "GBPUSD", "AAPL"]);
    }

    [Fact]
    public void List_keeps_paths_unchanged() =>
        Bind([new("SymbolFiles:0", "my lists/a,b.yaml"), new("SymbolFiles:1", "c.yaml")]).SymbolFiles.ShouldNotBeNull()
            .ShouldBe(["my lists/a,b.yaml", "c.yaml"]);

    private static CollectorOptions Bind(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        return configuration.Get<CollectorOptions>().ShouldNotBeNull();
    }
}
