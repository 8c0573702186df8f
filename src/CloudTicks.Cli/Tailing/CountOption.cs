using System.CommandLine;
using System.Globalization;

namespace CloudTicks.Cli.Tailing;

internal static class CountOption
{
    public static Option<long?> Create(string description, string name = "--count") => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return count;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is not a whole number of at least 1.");
            return null;
        },
    };
}
