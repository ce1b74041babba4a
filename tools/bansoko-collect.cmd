@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Gathers what "bansoko assess" reads about this host, with what Windows 2000, XP,
rem Server 2003 and later have themselves. It installs nothing, changes nothing, and
rem uses no network. Run it as an administrator: bansoko-collect.cmd [FOLDER]
rem It makes FOLDER\bansoko-COMPUTERNAME (FOLDER: the current one). Copy that folder
rem to where bansoko is, and run: bansoko assess FOLDER\bansoko-COMPUTERNAME
rem No passwords are collected: Winlogon, the SAM, SNMP's communities and the lines of
rem IIS's metabase that hold them are left out.
setlocal
set BASE=%~1
if "%BASE%"=="" set BASE=.
set OUT=%BASE%\bansoko-%COMPUTERNAME%
if exist "%OUT%\collect.log" goto exists
if not exist "%OUT%" md "%OUT%"
set LOG=%OUT%\collect.log
>"%LOG%" echo bansoko-collect 1
if not exist "%LOG%" goto nowrite
>>"%LOG%" echo host %COMPUTERNAME%

echo Collecting into %OUT%; this takes a few minutes.

cmd /c ver >"%OUT%\ver.txt" 2>nul
call :check ver.txt
systeminfo >"%OUT%\systeminfo.txt" 2>nul <nul
call :check systeminfo.txt
wmic os get /value >"%OUT%\os.txt" 2>nul <nul
call :check os.txt
wmic qfe get /value >"%OUT%\qfe.txt" 2>nul <nul
call :check qfe.txt
wmic service get Name,StartMode,State,PathName /value >"%OUT%\services.txt" 2>nul <nul
call :check services.txt
sc query state= all bufsize= 250000 >"%OUT%\sc.txt" 2>nul <nul
call :check sc.txt
tasklist /svc >"%OUT%\tasklist.txt" 2>nul <nul
call :check tasklist.txt
netstat -ano >"%OUT%\netstat.txt" 2>nul <nul
if errorlevel 1 netstat -an >"%OUT%\netstat.txt" 2>nul <nul
call :check netstat.txt
net share >"%OUT%\shares.txt" 2>nul <nul
call :check shares.txt
set DRIVERS=%SystemRoot:\=\\%\\system32\\drivers
set SYSTEM=%SystemRoot:\=\\%\\system32
wmic datafile where "name='%DRIVERS%\\srv.sys' or name='%DRIVERS%\\mrxsmb.sys' or name='%DRIVERS%\\http.sys' or name='%DRIVERS%\\tcpip.sys' or name='%DRIVERS%\\termdd.sys' or name='%DRIVERS%\\rdpwd.sys' or name='%SYSTEM%\\netapi32.dll' or name='%SYSTEM%\\rpcss.dll' or name='%SYSTEM%\\ntoskrnl.exe' or name='%SYSTEM%\\win32k.sys' or name='%SYSTEM%\\schannel.dll' or name='%SYSTEM%\\idq.dll'" get Name,Version /value >"%OUT%\files.txt" 2>nul <nul
call :check files.txt

set REGEDIT=
reg query HKLM >nul 2>nul <nul
if errorlevel 1 set REGEDIT=1
set WINNT=HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion
set WIN=HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion
set CONTROL=HKLM\SYSTEM\CurrentControlSet\Control
set SERVICES=HKLM\SYSTEM\CurrentControlSet\Services
reg query "%WINNT%" >"%OUT%\reg_version.txt" 2>nul <nul
call :check reg_version.txt
call :export reg_hotfix.reg "%WINNT%\HotFix"
call :export reg_updates.reg "HKLM\SOFTWARE\Microsoft\Updates"
call :export reg_uninstall.reg "%WIN%\Uninstall"
call :export reg_uninstall32.reg "HKLM\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
call :export reg_policies.reg "%WIN%\Policies"
call :export reg_iis.reg "HKLM\SOFTWARE\Microsoft\InetStp"
call :export reg_computername.reg "%CONTROL%\ComputerName"
call :export reg_environment.reg "%CONTROL%\Session Manager\Environment"
call :export reg_product.reg "%CONTROL%\ProductOptions"
call :export reg_language.reg "%CONTROL%\Nls\Language"
call :export reg_lsa.reg "%CONTROL%\Lsa"
call :export reg_schannel.reg "%CONTROL%\SecurityProviders\SCHANNEL"
call :export reg_terminal.reg "%CONTROL%\Terminal Server"
call :export reg_server.reg "%SERVICES%\LanmanServer"
call :export reg_workstation.reg "%SERVICES%\LanmanWorkstation"
call :export reg_smb1.reg "%SERVICES%\mrxsmb10"
call :export reg_webclient.reg "%SERVICES%\WebClient"
call :export reg_w3svc.reg "%SERVICES%\W3SVC"
call :export reg_netlogon.reg "%SERVICES%\Netlogon\Parameters"
call :export reg_ntds.reg "%SERVICES%\NTDS\Parameters"
call :export reg_dns.reg "%SERVICES%\DNS\Parameters"

if not exist "%SystemRoot%\system32\inetsrv\metabase.xml" goto nometabase
findstr /v /i /c:"Pass=" /c:"Pass =" /c:"Password" "%SystemRoot%\system32\inetsrv\metabase.xml" >"%OUT%\metabase.xml" 2>nul
call :check metabase.xml
goto last
:nometabase
>>"%LOG%" echo absent metabase.xml
:last
>>"%LOG%" echo end
echo Done. Steps that failed are named in %LOG%
goto :eof

rem Notes whether the step before made a file with something in it.
:check
if errorlevel 1 goto failed
if not exist "%OUT%\%1" goto failed
for %%F in ("%OUT%\%1") do if %%~zF==0 goto failed
>>"%LOG%" echo ok %1
goto :eof
:failed
>>"%LOG%" echo failed %1
if exist "%OUT%\%1" del "%OUT%\%1"
goto :eof

rem A key that is not there is no fault: not every host has every part of Windows.
:export
reg export %2 "%OUT%\%1" >nul 2>nul <nul
if "%REGEDIT%"=="1" start /wait regedit /e "%OUT%\%1" %2
if not exist "%OUT%\%1" goto absent
>>"%LOG%" echo ok %1
goto :eof
:absent
>>"%LOG%" echo absent %1
goto :eof

:exists
echo %OUT% is there already. Move it away first.
endlocal
exit /b 1
:nowrite
echo %OUT% cannot be written.
endlocal
exit /b 1
