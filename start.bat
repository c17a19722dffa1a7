@echo off
rem Double-click: finds Python and runs the app.
setlocal
chcp 65001 >nul
cd /d "%~dp0"
set "OLD=import sys; sys.exit(sys.version_info < (3, 11))"

py -3 -c "%OLD%" >nul 2>nul
if not errorlevel 1 set "PYTHON=py -3" & goto found
python3 -c "%OLD%" >nul 2>nul
if not errorlevel 1 set "PYTHON=python3" & goto found
python -c "%OLD%" >nul 2>nul
if not errorlevel 1 set "PYTHON=python" & goto found

echo Python 3.11 以降が見つかりません。https://www.python.org/downloads/ から入れて、もう一度このファイルを開いてください。
echo Python 3.11 or newer was not found. Install it from https://www.python.org/downloads/ and open this file again.
set "CODE=1"
goto failed

:found
echo tenbin を始めます。初回はインターネットから部品を入れるため、数分かかります。
echo Starting tenbin. The first time takes some minutes: parts are fetched from the internet.
%PYTHON% run.py app %*
set "CODE=%errorlevel%"
if "%CODE%"=="0" exit /b 0

:failed
echo.
echo 何かキーを押すと閉じます。 / Press any key to close.
pause >nul
exit /b %CODE%
