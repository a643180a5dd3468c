using System.CommandLine;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Tools.Digits.Commands;

internal static class DrawCommand
{
    public static Command Create()
    {
        var digit = new Option<int>("--digit") { Description = "0 to 9.", Required = true };
        digit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 9)
            {
                result.AddError("--digit is 0 to 9.");
            }
        });
        var seed = new Option<int>("--seed") { Description = "Which of the digit's pictures.", DefaultValueFactory = _ => 1 };
        var output = new Option<FileInfo>("--out") { Description = "The PNG file to write.", Required = true };
        var command = new Command("draw", "Draws one digit as a PNG picture.") { digit, seed, output };
        command.SetAction(result =>
        {
            var file = result.GetRequiredValue(output);
            File.WriteAllBytes(file.FullName, DigitPictures.Png(result.GetValue(digit), result.GetValue(seed)));
            result.InvocationConfiguration.Output.WriteLine(file.FullName);
        });
        return command;
    }
}
