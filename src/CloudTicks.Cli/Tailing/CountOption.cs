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

            result.AddError($"{name}: '{result.Tokens[0].Value}' is not a number of 1 or more.");
            return null;
        },
    };
}
