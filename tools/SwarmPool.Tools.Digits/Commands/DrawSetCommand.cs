using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Tools.Digits.Commands;

internal static class DrawSetCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many pictures, 1 to 100000.", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError("--count is 1 to 100000.");
            }
        });
        var seed = new Option<int>("--seed") { Description = "The first picture's seed; each next one's is one more.", DefaultValueFactory = _ => 1 };
        var output = new Option<DirectoryInfo>("--out") { Description = "The folder to write to.", Required = true };
        var command = new Command("draw-set", "Draws pictures named by their digit and seed, and labels.json.") { count, seed, output };
        command.SetAction(result =>
        {
            var folder = result.GetRequiredValue(output);
            Draw(folder, result.GetValue(count), result.GetValue(seed));
            result.InvocationConfiguration.Output.WriteLine(folder.FullName);
        });
        return command;
    }

    private static void Draw(DirectoryInfo folder, int count, int firstSeed)
    {
        folder.Create();
        var labels = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            // The seed's last digit is the digit drawn, so a set goes through all ten.
            var seed = firstSeed + i;
            var digit = ((seed % 10) + 10) % 10;
            var name = string.Create(CultureInfo.InvariantCulture, $"digit-{digit}-{seed:D2}.png");
            File.WriteAllBytes(Path.Combine(folder.FullName, name), DigitPictures.Png(digit, seed));
            labels.Add(name, digit);
        }

        File.WriteAllText(Path.Combine(folder.FullName, "labels.json"), JsonSerializer.Serialize(labels, Indented) + "\n");
    }
}
